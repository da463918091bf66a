/**
 * The runtime's own functions, for the TypeScript checker; the AssemblyScript compiler knows them.
 */
declare function __new(size: usize, id: u32): usize;
declare function __collect(): void;
