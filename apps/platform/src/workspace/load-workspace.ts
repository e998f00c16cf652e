// Reads rondo.config.ts and every definition file of a workspace; either all of it is right or nothing is taken.
import { access, glob, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { readConfig } from '@rondo/config'
import { toAppError } from '@rondo/errors'
import type { Definition, RondoConfig } from 'rondo'
import { Type } from 'typebox'
import type { WorkspaceProblem } from '../contract.ts'
import { errors } from '../errors.ts'
import { checkDefinitions } from './check-definitions.ts'
import { importFiles, type Imported } from './import-files.ts'
import { toName, toText, type Located, type Workspace } from './workspace.ts'

const DEFINITION_FOLDERS = ['events', 'endpoints', 'pipelines', 'metrics', 'flags', 'experiments']

const Config = Type.Object(
  {
    name: Type.String({ minLength: 1 }),
    stores: Type.Optional(
      Type.Object(
        Object.fromEntries((['eventLog', 'relational', 'keyValue', 'objects', 'analytics'] as const).map((name) => [name, Type.Optional(Type.String())])),
        { additionalProperties: false },
      ),
    ),
    peers: Type.Optional(Type.Record(Type.String(), Type.String())),
    publicUrl: Type.Optional(Type.String()),
    events: Type.Optional(
      Type.Object(
        {
          allowedOrigins: Type.Optional(Type.Array(Type.String({ pattern: '^(\\*|https?://[^/?#@\\s]+)$' }))),
          quotas: Type.Optional(Type.Record(Type.String(), Type.Object({ eventsPerSecond: Type.Optional(Type.Number({ exclusiveMinimum: 0 })), burst: Type.Optional(Type.Integer({ minimum: 1 })), bytesPerDay: Type.Optional(Type.Integer({ minimum: 1 })) }, { additionalProperties: false }))),
        },
        { additionalProperties: false },
      ),
    ),
    kafka: Type.Optional(
      Type.Object(
        {
          port: Type.Integer({ minimum: 1, maximum: 65_535 }),
          host: Type.Optional(Type.String({ minLength: 1 })),
          advertised: Type.Optional(Type.String({ pattern: '^[^:/\\s]+:[0-9]{1,5}$' })),
          maxConnections: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000 })),
          maxConnectionsPerAddress: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000 })),
          idleMs: Type.Optional(Type.Integer({ minimum: 1_000, maximum: 86_400_000 })),
          patienceMs: Type.Optional(Type.Integer({ minimum: 100, maximum: 600_000 })),
        },
        { additionalProperties: false },
      ),
    ),
    account: Type.Optional(Type.String()),
    world: Type.Optional(Type.Union((['off', 'small', 'default', 'large'] as const).map((size) => Type.Literal(size)))),
  },
  { additionalProperties: false },
)

export const CONFIG_FILE = 'rondo.config.ts'

/** What a file takes longer to be imported never ends. */
const FILE_LIMIT_MS = 10_000

/** `configFile`: in the folder. Throws NO_WORKSPACE, CONFIG_INVALID, or WORKSPACE_INVALID with every problem as file:line. */
export async function loadWorkspace(folder: string, configFile: string = CONFIG_FILE, limitMs: number = FILE_LIMIT_MS): Promise<Workspace> {
  const configPath = resolve(folder, configFile)
  await access(configPath).catch(() => {
    throw errors.noWorkspace({ folder, configFile })
  })
  const files = await listFiles(folder, DEFINITION_FOLDERS.map((name) => `${name}/**/*.ts`))
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')))
  const imported = await importFiles(folder, [configFile, ...files], limitMs)
  const config = toConfig(imported.get(configFile), configFile)
  const definitions: Located[] = []
  const problems: WorkspaceProblem[] = []
  for (const [i, file] of files.entries()) {
    const one = imported.get(file)
    if (one === undefined) continue
    if ('fault' in one) problems.push({ file, ...one.fault })
    else {
      for (const definition of [one.exported].flat()) {
        if (isDefinition(definition)) definitions.push({ definition, file, ...findLines(texts[i] ?? '', definition) })
        else problems.push({ file, line: 1, message: 'The default export is no definition.', help: 'Export what defineEvent, defineEndpoint, … return, or a list of them.' })
      }
    }
  }
  // Names may lead to a file that was not read any more.
  if (files.every((file) => imported.has(file))) problems.push(...checkDefinitions(definitions))
  if (problems.length > 0) throw errors.workspaceWrong({ text: toText(problems), problems })
  return { folder, configFile, config, definitions, descriptors: await listDescriptors(folder) }
}

function toConfig(imported: Imported | undefined, file: string): RondoConfig {
  if (imported === undefined || 'fault' in imported) {
    const problems = [{ file, line: 1, message: 'It was not read.', ...imported?.fault }]
    throw errors.workspaceWrong({ text: toText(problems), problems })
  }
  const config = readConfig(Config, imported.exported, file) as RondoConfig
  checkAddresses(config, file)
  return config
}

/** Addresses that every request would stumble over. */
function checkAddresses({ publicUrl, peers = {} }: RondoConfig, file: string): void {
  if (publicUrl !== undefined && !(/^https?:\/\/[^/?#@]+$/.test(publicUrl) && URL.canParse(publicUrl))) throw errors.addressWrong({ file, field: 'publicUrl', address: publicUrl, like: 'https://rondo.example.com' })
  for (const [room, address] of Object.entries(peers)) {
    if (!(/^https?:\/\//.test(address) && URL.canParse(address))) throw errors.addressWrong({ file, field: `peers.${room}`, address, like: 'http://10.0.0.5:7070' })
  }
}

/** The problems that a WORKSPACE_INVALID (or any other error of loading) carries. */
export function toProblems(thrown: unknown): WorkspaceProblem[] {
  const error = toAppError(thrown)
  const listed = error.details['problems']
  if (error.code === 'WORKSPACE_INVALID' && Array.isArray(listed)) return listed as WorkspaceProblem[]
  const file = error.details['file']
  return [{ file: typeof file === 'string' ? file : CONFIG_FILE, line: 1, message: error.message, ...(error.help === undefined ? {} : { help: error.help }) }]
}

/** Descriptor files for the catalog: the workspace's own and its org. */
export async function listDescriptors(folder: string): Promise<string[]> {
  return (await listFiles(folder, ['catalog-info.yaml', 'org/**/*.yaml'])).map((file) => join(folder, file))
}

async function listFiles(folder: string, patterns: string[]): Promise<string[]> {
  const files: string[] = []
  for await (const file of glob(patterns, { cwd: folder, exclude: (name) => name === 'node_modules' })) if (!file.endsWith('.test.ts')) files.push(file)
  return files.sort()
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
}

function isDefinition(value: unknown): value is Definition {
  return typeof value === 'object' && value !== null && 'kind' in value
}

/** The line that names the definition, 1 when the name is made up elsewhere, and the one on which its SQL begins. */
function findLines(text: string, definition: Definition): { line: number; sqlLine?: number } {
  const at = text.search(new RegExp(`(?:name|key|id):\\s*['"\`]${escape(toName(definition))}['"\`]`))
  if (at < 0) return { line: 1 }
  const line = lineAt(text, at)
  const sqlAt = definition.kind === 'pipeline' ? text.indexOf(definition.sql, at) : -1
  return sqlAt < 0 ? { line } : { line, sqlLine: lineAt(text, sqlAt) }
}

function lineAt(text: string, at: number): number {
  return text.slice(0, at).split('\n').length
}
