// Planted: a promise that nobody waits for, a promise where a truth is expected, and an `any`.
async function save(value: any): Promise<boolean> {
  return value !== undefined
}

export function work(): string {
  save(1)
  return save(2) ? 'saved' : 'lost'
}
