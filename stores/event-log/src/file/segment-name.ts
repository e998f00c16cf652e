// File names of segments: topic, partition and first offset.

/** "@" is in no topic name; 16 digits hold every safe integer, so names of one partition sort by offset. */
export function toSegmentName(topic: string, partition: number, baseOffset: number): string {
  return `${topic}@${partition}@${String(baseOffset).padStart(16, '0')}.seg`
}

export function findSegmentName(name: string): { topic: string; partition: number; baseOffset: number } | undefined {
  const match = /^([A-Za-z0-9._-]+)@(\d+)@(\d{16})\.seg$/.exec(name)
  return match ? { topic: match[1] as string, partition: Number(match[2]), baseOffset: Number(match[3]) } : undefined
}
