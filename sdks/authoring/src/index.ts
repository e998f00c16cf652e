// The authoring package: what a workspace's definition files import, under the name "rondo".
export { defineConfig, type RondoConfig, type StoreAddresses, type WorldSize } from './config.ts'
export {
  defineEndpoint,
  defineEvent,
  defineExperiment,
  defineFlag,
  defineMetric,
  definePipeline,
  type Check,
  type Column,
  type Criterion,
  type Definition,
  type EndpointDefinition,
  type EventDefinition,
  type EventsOf,
  type ExperimentDefinition,
  type FlagDefinition,
  type FlagRule,
  type InputDefinition,
  type MetricDefinition,
  type PipelineDefinition,
  type TypedEvent,
} from './definitions.ts'
export { Type, type FieldOptions, type Personal, type Schema, type Static } from './schema.ts'
