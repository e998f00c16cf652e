// The drawing on a cover, from ids alone: an artist keeps its colour, a track its pattern. The same ids always give the same drawing.
import { createHasher } from '@rondo/hash'

export type CoverShape = {
  /** Role of the ground: "c1" to "c5". */
  colour: string
  /** SVG paths on a 34 × 34 ground, drawn as lines. */
  lines: { d: string; width: number }[]
}

const SIZE = 34
const colours = ['c1', 'c2', 'c3', 'c4', 'c5'] as const

/** One of four patterns (waves, bars, rings, hills) with its own proportions. */
export function drawCover(artistId: string, trackId: string): CoverShape {
  const hasher = createHasher()
  const hash = (text: string): number => hasher.hash(text).low
  const colour = colours[hash(artistId) % colours.length] ?? 'c1'
  const seed = hash(`${artistId}/${trackId}`)
  const pick = (index: number, steps: number): number => hash(`${seed}/${index}`) % steps
  const drawers = [drawWaves, drawBars, drawRings, drawHills]
  return { colour, lines: (drawers[seed % drawers.length] ?? drawWaves)(pick) }
}

type Pick = (index: number, steps: number) => number

function drawWaves(pick: Pick): CoverShape['lines'] {
  const gap = 5 + pick(0, 3)
  return Array.from({ length: Math.floor(SIZE / gap) }, (_, row) => {
    const swing = (pick(row + 1, 11) - 5) * 0.9
    return { d: `M0 ${gap * (row + 0.8)}q8.5 ${swing} 17 0t17 0`, width: 1.2 }
  })
}

function drawBars(pick: Pick): CoverShape['lines'] {
  const count = 4 + pick(0, 2)
  return Array.from({ length: count }, (_, index) => ({ d: `M${4 + index * 5.6} ${SIZE}V${9 + pick(index + 1, 17)}`, width: 2.4 }))
}

function drawRings(pick: Pick): CoverShape['lines'] {
  return Array.from({ length: 5 }, (_, index) => {
    const [x, y, r] = [10 + pick(index * 2, 15), 9 + pick(index * 2 + 1, 15), 3 + index * 3.3]
    return { d: `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`, width: 1 }
  })
}

function drawHills(pick: Pick): CoverShape['lines'] {
  return Array.from({ length: 4 }, (_, index) => ({ d: `M0 ${31 - index * 6.5}L${8 + pick(index, 18)} ${20 - index * 5.5 + pick(index + 9, 7)}L${SIZE} ${30 - index * 6}`, width: 1.2 }))
}
