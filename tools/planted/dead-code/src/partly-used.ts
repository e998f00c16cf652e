// Planted: half of this is dead.
export const used = 42
export const neverUsed = 43
