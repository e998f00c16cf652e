// The simulated world of listeners: it acts on the platform as any product would, through the public SDK and HTTP.
export { runWorld, type RunWorldOptions } from './run-world.ts'
export { startWorld, type RunningWorld, type WorldOptions } from './start-world.ts'
export { WORLD_SIZES, WORLD_WEEKS, type WorldDimensions, type WorldProgress, type WorldSize } from './world-size.ts'
