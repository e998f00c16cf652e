// The pipelines room: what the composition imports.
export type { PipelinesDeps } from './room.ts'
export { createPipelinesService } from './service.ts'
