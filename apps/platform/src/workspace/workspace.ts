// A loaded workspace: its configuration and every definition with the place it came from.
import type { Definition, RondoConfig } from 'rondo'
import type { WorkspaceProblem } from '../contract.ts'

export type Located = { definition: Definition; file: string; line: number; /** Where the SQL of a pipeline begins. */ sqlLine?: number }

export type Workspace = {
  folder: string
  /** In the folder, as it was named. */
  configFile: string
  config: RondoConfig
  definitions: Located[]
  /** Descriptor files for the catalog: the workspace's own and its org. */
  descriptors: string[]
}

/** The name under which a definition is known within its kind. */
export function toName(definition: Definition): string {
  return definition.kind === 'flag' ? definition.key : definition.kind === 'experiment' ? definition.id : definition.name
}

/** "events/listening.ts:14: … Do this." one line a problem. */
export function toText(problems: WorkspaceProblem[]): string {
  return problems.map(({ file, line, message, help }) => `${file}:${line}: ${message}${help === undefined ? '' : ` ${help}`}`).join('\n')
}
