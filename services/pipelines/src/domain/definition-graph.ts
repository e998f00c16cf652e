// The set of definitions as a graph: who fills what, who reads what, in which order; and the rules that a set must keep.
import type { PartitionKind } from '@rondo/time'
import type { DefinitionSet, EndpointDefinition, InputDefinition, PipelineDefinition } from '../contract.ts'
import type { Reach } from './partition-windows.ts'
import { getLengthMs } from './partition-windows.ts'
import { findUnknownParameters } from './sql-text.ts'

export type GraphInput = { alias: string; endpoint: string; reach: Reach; kind: PartitionKind; isEvent: boolean }

export type GraphPipeline = {
  definition: PipelineDefinition
  output: EndpointDefinition
  inputs: GraphInput[]
  /** Hash of SQL, inputs and output schema: what decides the rows. */
  codeVersion: string
  /** Place in topological order: every producer of its inputs comes before. */
  order: number
}

export type Graph = {
  endpoints: ReadonlyMap<string, EndpointDefinition>
  pipelines: ReadonlyMap<string, GraphPipeline>
  /** Dataset → pipeline that fills it. */
  producers: ReadonlyMap<string, GraphPipeline>
  /** Dataset (event types too) → pipelines that read it. */
  consumers: ReadonlyMap<string, GraphPipeline[]>
}

/** A broken rule: `where` names the pipeline or endpoint, `column` when the rule is about one. */
export type Violation = { rule: string; where: string; column?: string; message: string }

const EMPTY_GRAPH: Graph = { endpoints: new Map(), pipelines: new Map(), producers: new Map(), consumers: new Map() }

/** `hash` gives a short digest of a text. Throws nothing: with violations there is no graph. */
export function buildGraph(set: DefinitionSet, eventTypes: ReadonlySet<string>, hash: (text: string) => string): { graph: Graph; violations: Violation[] } {
  const violations: Violation[] = []
  const endpoints = indexByName(set.endpoints, 'endpoint', violations)
  const byName = indexByName(set.pipelines, 'pipeline', violations)
  for (const endpoint of endpoints.values()) violations.push(...checkEndpoint(endpoint, eventTypes))

  const producerNames = new Map<string, string>()
  for (const pipeline of byName.values()) {
    const other = producerNames.get(pipeline.output)
    if (other !== undefined) violations.push({ rule: 'one-producer', where: pipeline.name, message: `fills endpoint "${pipeline.output}", which pipeline "${other}" fills already; give it an endpoint of its own` })
    else producerNames.set(pipeline.output, pipeline.name)
    if (!endpoints.has(pipeline.output)) violations.push({ rule: 'output-is-endpoint', where: pipeline.name, message: `fills "${pipeline.output}", which is not an endpoint of this set; define that endpoint` })
    for (const name of findUnknownParameters(pipeline.sql)) violations.push({ rule: 'known-parameters', where: pipeline.name, message: `uses the parameter "${name}"; only $start, $end and $partition exist` })
    if (Object.keys(pipeline.inputs).length === 0) violations.push({ rule: 'has-inputs', where: pipeline.name, message: 'has no inputs; name at least one endpoint' })
    for (const [alias, input] of Object.entries(pipeline.inputs)) violations.push(...checkInput(pipeline, alias, input, endpoints, eventTypes))
  }
  for (const pipeline of byName.values()) {
    for (const [alias, input] of Object.entries(pipeline.inputs)) {
      if (endpoints.has(input.endpoint) && !producerNames.has(input.endpoint)) violations.push({ rule: 'input-is-filled', where: pipeline.name, message: `reads "${input.endpoint}" as "${alias}", which no pipeline fills` })
    }
  }
  const { ordered, cycle } = sortTopologically(byName, producerNames)
  if (cycle !== undefined) violations.push({ rule: 'no-cycle', where: cycle[0] ?? '', message: `is part of a loop: ${cycle.join(' → ')}` })
  if (violations.length > 0) return { graph: EMPTY_GRAPH, violations }

  const pipelines = new Map<string, GraphPipeline>()
  const producers = new Map<string, GraphPipeline>()
  const consumers = new Map<string, GraphPipeline[]>()
  ordered.forEach((definition, order) => {
    const output = endpoints.get(definition.output)
    if (output === undefined) return
    const inputs = Object.entries(definition.inputs).map(([alias, input]): GraphInput => {
      const endpoint = endpoints.get(input.endpoint)
      return { alias, endpoint: input.endpoint, reach: input.partitions ?? 'same', kind: endpoint?.partition ?? 'hourly', isEvent: endpoint === undefined }
    })
    const pipeline = { definition, output, inputs, order, codeVersion: hash(JSON.stringify([definition.sql, definition.inputs, output.partition, output.columns.map(({ name, type }) => [name, type])])) }
    pipelines.set(definition.name, pipeline)
    producers.set(output.name, pipeline)
    for (const name of new Set(inputs.map((input) => input.endpoint))) consumers.set(name, [...(consumers.get(name) ?? []), pipeline])
  })
  return { graph: { endpoints, pipelines, producers, consumers }, violations }
}

function indexByName<T extends { name: string }>(items: T[], what: string, violations: Violation[]): Map<string, T> {
  const index = new Map<string, T>()
  for (const item of items) {
    if (index.has(item.name)) violations.push({ rule: 'unique-name', where: item.name, message: `is the name of two ${what}s` })
    index.set(item.name, item)
  }
  return index
}

function checkEndpoint(endpoint: EndpointDefinition, eventTypes: ReadonlySet<string>): Violation[] {
  const found: Violation[] = []
  const add = (rule: string, message: string, column?: string) => found.push({ rule, where: endpoint.name, message, ...(column === undefined ? {} : { column }) })
  if (eventTypes.has(endpoint.name)) add('unique-name', 'is the name of an event type; choose another')
  const names = new Set<string>()
  for (const column of endpoint.columns) {
    if (names.has(column.name.toLowerCase())) add('unique-column', `has two columns "${column.name}"`, column.name)
    names.add(column.name.toLowerCase())
    if (column.personal === undefined) add('personal-declared', `column "${column.name}" does not say whether it is personal; add personal: 'none', 'narrow' or 'strict'`, column.name)
  }
  const referred = [...endpoint.key, ...(endpoint.checks ?? []).flatMap((check) => (check.rule === 'unique' ? check.columns : check.rule === 'min-rows' ? [] : [check.column]))]
  for (const name of new Set(referred)) if (!endpoint.columns.some((column) => column.name === name)) add('known-column', `names column "${name}" in its key or checks, which it does not have`, name)
  return found
}

function checkInput(pipeline: PipelineDefinition, alias: string, input: InputDefinition, endpoints: ReadonlyMap<string, EndpointDefinition>, eventTypes: ReadonlySet<string>): Violation[] {
  const endpoint = endpoints.get(input.endpoint)
  if (endpoint === undefined && !eventTypes.has(input.endpoint)) {
    return [{ rule: 'known-input', where: pipeline.name, message: `reads "${input.endpoint}" as "${alias}", which is neither an event type nor an endpoint of this set` }]
  }
  const kind = endpoint?.partition ?? 'hourly'
  const output = endpoints.get(pipeline.output)
  const isSame = input.partitions === undefined || input.partitions === 'same'
  if (output !== undefined && isSame && kind !== 'none' && getLengthMs(kind) > getLengthMs(output.partition)) {
    return [{ rule: 'input-fits', where: pipeline.name, message: `reads ${kind} "${input.endpoint}" as "${alias}" for a ${output.partition} output, so no partition lies inside; say partitions: { trailing: 1 }` }]
  }
  return []
}

/** Kahn's algorithm; a loop is given as the names on it. */
function sortTopologically(pipelines: ReadonlyMap<string, PipelineDefinition>, producers: ReadonlyMap<string, string>): { ordered: PipelineDefinition[]; cycle?: string[] } {
  const waitsFor = new Map<string, Set<string>>()
  const readers = new Map<string, string[]>()
  for (const pipeline of pipelines.values()) {
    const names = Object.values(pipeline.inputs).flatMap((input) => producers.get(input.endpoint) ?? [])
    waitsFor.set(pipeline.name, new Set(names))
    for (const name of new Set(names)) readers.set(name, [...(readers.get(name) ?? []), pipeline.name])
  }
  const ready = [...waitsFor].filter(([, names]) => names.size === 0).map(([name]) => name)
  const ordered: PipelineDefinition[] = []
  for (let name = ready.shift(); name !== undefined; name = ready.shift()) {
    const pipeline = pipelines.get(name)
    if (pipeline !== undefined) ordered.push(pipeline)
    waitsFor.delete(name)
    for (const reader of readers.get(name) ?? []) {
      const names = waitsFor.get(reader)
      names?.delete(name)
      if (names?.size === 0) ready.push(reader)
    }
  }
  return waitsFor.size === 0 ? { ordered } : { ordered, cycle: followLoop(waitsFor) }
}

/** Among pipelines that all wait for each other, walking back along inputs must come round. */
function followLoop(waitsFor: ReadonlyMap<string, Set<string>>): string[] {
  const path: string[] = []
  let [name] = waitsFor.keys()
  while (name !== undefined && !path.includes(name)) {
    path.push(name)
    ;[name] = [...(waitsFor.get(name) ?? [])].filter((next) => waitsFor.has(next))
  }
  const loop = name === undefined ? path : path.slice(path.indexOf(name))
  return [...loop, loop[0] ?? ''].reverse()
}
