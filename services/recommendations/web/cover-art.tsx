// A track's cover: drawn from its ids, since no picture is stored.
import { memo } from 'react'
import { drawCover } from './cover-shape.ts'

export const CoverArt = memo(function CoverArt({ artistId, trackId, size = 34 }: { artistId: string; trackId: string; size?: number }) {
  const { colour, lines } = drawCover(artistId, trackId)
  return (
    <svg width={size} height={size} viewBox="0 0 34 34" aria-hidden="true" style={{ borderRadius: 4, flex: 'none' }}>
      <rect width="34" height="34" fill={`var(--${colour})`} />
      {lines.map(({ d, width }, index) => <path key={index} d={d} fill="none" stroke="var(--sheet)" strokeWidth={width} />)}
    </svg>
  )
})
