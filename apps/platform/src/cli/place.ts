// Which workspace and which data folder a command is about.
import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CONFIG_FILE } from '../workspace/load-workspace.ts'
import { textOf, type Args } from './command.ts'

export type Place = { workspace: string; /** In the workspace. */ config: string; data: string }

/** The checkout that this program is part of. */
export const CHECKOUT: string = join(dirname(fileURLToPath(import.meta.url)), '../../../..')

export function findPlace(args: Args): Place {
  const named = textOf(args, 'workspace')
  const here = process.cwd()
  const workspace = named !== undefined ? resolve(named) : existsSync(join(here, CONFIG_FILE)) ? here : join(CHECKOUT, 'examples/music')
  const data = textOf(args, 'data')
  return { workspace, config: textOf(args, 'config') ?? CONFIG_FILE, data: data === undefined ? join(workspace, '.rondo') : resolve(data) }
}

/** What another command needs to be about the same place: " --data my-data", or nothing. */
export function toPlaceOptions(args: Args): string {
  return ['workspace', 'config', 'data'].map((name) => (textOf(args, name) === undefined ? '' : ` --${name} ${textOf(args, name)}`)).join('')
}

/** The platform's own descriptor files, so that its catalog opens on itself. */
export function listOwnDescriptors(): string[] {
  return ['catalog-info.yaml', 'kit/*/catalog-info.yaml', 'stores/*/catalog-info.yaml', 'services/*/catalog-info.yaml', 'sdks/*/catalog-info.yaml', 'apps/*/catalog-info.yaml'].map((pattern) => join(CHECKOUT, pattern))
}
