// The genres of the simulated catalogue, and how many listen to each.

/** `weight`: relative share of tracks and of taste. */
export const GENRES: { name: string; weight: number }[] = [
  { name: 'Indie Folk', weight: 9 },
  { name: 'Dream Pop', weight: 8 },
  { name: 'Synthwave', weight: 7 },
  { name: 'Hip-Hop', weight: 12 },
  { name: 'Deep House', weight: 8 },
  { name: 'Techno', weight: 6 },
  { name: 'Soul', weight: 6 },
  { name: 'Jazz', weight: 5 },
  { name: 'Classical', weight: 5 },
  { name: 'Ambient', weight: 4 },
  { name: 'Post-Rock', weight: 4 },
  { name: 'Metal', weight: 5 },
  { name: 'Punk', weight: 4 },
  { name: 'Afrobeat', weight: 5 },
  { name: 'Latin Pop', weight: 8 },
  { name: 'Country', weight: 4 },
]
