/** Longest compared name; longer ones are not typos. */
const MAX_LENGTH: i32 = 64;

/**
 * The name in `known` that `name` was meant to be: the nearest by edit distance (insert, delete or
 * replace one character; case does not count), if a third of it or less differs. Empty for none.
 */
export function nearestName(name: string, known: string[]): string {
  if (name.length > MAX_LENGTH) return "";
  let best = "";
  let least = name.length / 3 + 1;
  for (let i = 0; i < known.length; i++) {
    if (known[i].length > MAX_LENGTH || abs(known[i].length - name.length) >= least) continue;
    const distance = editDistance(name.toLowerCase(), known[i].toLowerCase());
    if (distance >= least) continue;
    least = distance;
    best = known[i];
  }
  return best;
}

/** Levenshtein's distance, with one row of the table at a time. */
function editDistance(a: string, b: string): i32 {
  const row = new StaticArray<i32>(b.length + 1);
  for (let j = 0; j <= b.length; j++) row[j] = j;
  for (let i = 1; i <= a.length; i++) {
    let diagonal = row[0];
    row[0] = i;
    for (let j = 1; j <= b.length; j++) {
      const above = row[j];
      const replaced = diagonal + (a.charCodeAt(i - 1) == b.charCodeAt(j - 1) ? 0 : 1);
      row[j] = min(replaced, min(above, row[j - 1]) + 1);
      diagonal = above;
    }
  }
  return row[b.length];
}
