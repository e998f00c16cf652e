// Points on a circle, measured as a clock does: 0° at the top, clockwise.

/** "x y" with two decimals, ready for a path. */
export function pointAt(cx: number, cy: number, radius: number, degrees: number): string {
  const { x, y } = polar(cx, cy, radius, degrees)
  return `${x.toFixed(2)} ${y.toFixed(2)}`
}

export function polar(cx: number, cy: number, radius: number, degrees: number): { x: number; y: number } {
  const radians = (degrees * Math.PI) / 180
  return { x: cx + radius * Math.sin(radians), y: cy - radius * Math.cos(radians) }
}
