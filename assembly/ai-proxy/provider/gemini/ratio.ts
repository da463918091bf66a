/** The ratio in `ratios` closest to a size, as `width:height`. */
export function ratioOf(width: i64, height: i64, ratios: i64[][]): string {
  let best = ratios[0];
  let least: f64 = Infinity;
  for (let i = 0; i < ratios.length; i++) {
    const ratio = <f64>ratios[i][0] / <f64>ratios[i][1];
    const distance = abs<f64>(Math.log(<f64>width / <f64>height / ratio));
    if (distance >= least) continue;
    least = distance;
    best = ratios[i];
  }
  return best[0].toString() + ":" + best[1].toString();
}
