// From "bigtable://project/instance?…" to what the client library wants.
import { hidePassword } from '@rondo/errors'
import { readNumber, refuseUnknown, type Fail } from '../engine/address-parameters.ts'
import { errors } from '../errors.ts'

const PARAMETERS = ['emulator', 'profile', 'timeoutMs', 'giveUpAfterMs']

export type BigtableSettings = {
  /** The address without its parameters, but for the emulator, for messages. */
  shown: string
  project: string
  instance: string
  /** Host and port, without TLS and without signing in; Google's own service when undefined. */
  emulator: string | undefined
  /** Application profile; the instance's default when empty. */
  profile: string
  /** How long one request waits for its answer. */
  timeoutMs: number
  /** No further try of a call begins so long after its first. */
  giveUpAfterMs: number
}

/** The emulator may also be named by BIGTABLE_EMULATOR_HOST, as for Google's own libraries. Throws `BAD_STORE_ADDRESS`. */
export function parseBigtableAddress(address: string, environment: Record<string, string | undefined> = process.env): BigtableSettings {
  const fail: Fail = (reason) => {
    throw errors.badAddress({ address: hidePassword(address), reason })
  }
  const [, project = '', instance = '', query = ''] = /^bigtable:\/\/([^/?#@]*)(?:\/([^/?#@]*))?\/?(?:\?([^#]*))?$/.exec(address) ?? fail('it cannot be read')
  const parameters = new URLSearchParams(query)
  refuseUnknown(parameters, PARAMETERS, fail)
  if (!/^[a-z][a-z0-9.:-]{0,60}$/.test(project)) fail(project === '' ? 'it has no project' : `"${project}" is no project: a small letter, then small letters, digits and "-"`)
  if (!/^[a-z][a-z0-9-]{0,62}$/.test(instance)) fail(instance === '' ? 'it has no instance behind its project' : `"${instance}" is no instance: a small letter, then small letters, digits and "-"`)
  const emulator = parameters.get('emulator') ?? environment['BIGTABLE_EMULATOR_HOST'] ?? ''
  if (!/^$|^[A-Za-z0-9._-]+:\d{1,5}$/.test(emulator)) fail(`emulator="${emulator}" must be a host and a port, as in emulator=127.0.0.1:8086`)
  const profile = parameters.get('profile') ?? ''
  if (!/^[A-Za-z0-9_.-]{0,50}$/.test(profile)) fail(`profile="${profile}" is no application profile`)
  return {
    shown: `bigtable://${project}/${instance}${emulator === '' ? '' : `?emulator=${emulator}`}`,
    project,
    instance,
    emulator: emulator === '' ? undefined : emulator,
    profile,
    timeoutMs: readNumber(parameters, 'timeoutMs', fail) ?? 12_000,
    giveUpAfterMs: readNumber(parameters, 'giveUpAfterMs', fail) ?? 30_000,
  }
}
