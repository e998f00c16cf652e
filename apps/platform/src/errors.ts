// What can be wrong before or while the platform starts.
import { defineErrors, entry } from '@rondo/errors'

/** What the system's codes mean. */
const REASONS: Record<string, string> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'a part of its path is a file',
  EISDIR: 'it is a folder',
  EEXIST: 'it is a file',
  EACCES: 'this user may not',
  EPERM: 'this user may not',
  EROFS: 'this disk can only be read',
}

export const errors = defineErrors({
  addressWrong: entry({
    code: 'CONFIG_INVALID',
    kind: 'invalid',
    message: (d: { file: string; field: string; address: string; like: string }) => `${d.file}: "${d.field}" is no address that anything can be reached at: "${d.address}".`,
    help: (d) => `Write scheme, host and, where it is another than the scheme's, a port from 0 to 65535, and nothing else: '${d.like}'.`,
  }),
  noDriver: entry({
    code: 'NO_DRIVER',
    kind: 'invalid',
    message: (d: { store: string; url: string }) => `No driver of the ${d.store} store is named by "${d.url}".`,
    help: 'See "Store addresses" in the README.',
  }),
  newerData: entry({
    code: 'NEWER_DATA',
    kind: 'conflict',
    message: (d: { folder: string; version: number; known: number }) => `"${d.folder}" was written by a newer Rondo (data version ${d.version}; this one knows ${d.known}).`,
    help: 'Run the newer Rondo, or choose another folder with --data.',
  }),
  notData: entry({ code: 'NOT_A_DATA_FOLDER', kind: 'invalid', message: (d: { folder: string; reason: string }) => `"${d.folder}" is not a data folder of Rondo: ${d.reason}.`, help: 'Choose another folder with --data.' }),
  cannotOpen: entry({ code: 'DATA_NOT_OPENED', kind: 'invalid', message: (d: { folder: string; reason: string }) => `The data folder "${d.folder}" cannot be opened: ${REASONS[d.reason] ?? d.reason}.`, help: 'Choose another folder with --data.' }),
  dataFull: entry({ code: 'STORAGE_FULL', kind: 'storage-full', message: (d: { folder: string }) => `No space is left to open the data folder "${d.folder}". What was acknowledged is safe.`, help: 'Free some space on its disk and start again.' }),
  portOfRondo: entry({
    code: 'PORT_IN_USE',
    kind: 'conflict',
    message: (d: { workspace?: string; folder?: string; pid?: number; bind: string; port: number; url: string }) =>
      `Port ${d.port} on ${d.bind} is taken by another Rondo${d.workspace === undefined ? '' : `: "${d.workspace}"${d.folder === undefined ? '' : ` in ${d.folder}`}`}${d.pid === undefined ? '' : ` (process ${d.pid})`}.`,
    help: (d) => `Open it at ${d.url}, stop it, or choose another port: --port ${d.port + 1}`,
  }),
  dataInUse: entry({
    code: 'DATA_IN_USE',
    kind: 'conflict',
    message: (d: { folder: string; pid: number; url: string }) => `"${d.folder}" is in use by process ${d.pid}${d.url === '' ? '' : ` at ${d.url}`}.`,
    help: 'Stop that one, or choose another folder with --data.',
  }),
  noData: entry({ code: 'NO_DATA_FOLDER', kind: 'not-found', message: (d: { folder: string; near: string[] }) => `There is no data folder "${d.folder}".${d.near.length === 0 ? '' : ` Did you mean ${d.near.join(' or ')}?`}`, help: '`rondo up --data DIR` makes a new one; so do `rondo serve`, `rondo import` and `rondo keys create`.' }),
  noWorkspace: entry({ code: 'NO_WORKSPACE', kind: 'not-found', message: (d: { folder: string; configFile: string }) => `"${d.folder}" holds no ${d.configFile}.`, help: 'Name a workspace with --workspace DIR, and its configuration with --config FILE.' }),
  workspaceWrong: entry({ code: 'WORKSPACE_INVALID', kind: 'invalid', message: (d: { text: string; problems: unknown }) => d.text, help: 'Nothing was changed. `rondo check` shows this list again.' }),
  roomAway: entry({
    code: 'ROOM_AWAY',
    kind: 'unavailable',
    message: (d: { room: string; address: string }) => `The ${d.room} room does not answer at ${d.address}.`,
    help: 'Start it there with `rondo serve`, or correct its address in peers of the configuration.',
  }),
  noPeerToken: entry({
    code: 'NO_PEER_TOKEN',
    kind: 'invalid',
    message: (d: { room: string }) => `The ${d.room} room runs elsewhere, and there is no token to call it with.`,
    help: 'Give RONDO_ADMIN_TOKEN the same value in every process of the house, for instance of `openssl rand -base64 24`.',
  }),
  noPeer: entry({ code: 'NO_PEER', kind: 'unavailable', message: (d: { service: string }) => `The ${d.service} room does not run here, and rondo.config.ts gives no address for it.`, help: (d) => `Add peers: { ${d.service}: 'http://…' } to rondo.config.ts.` }),
  masterKeyUnreadable: entry({
    code: 'MASTER_KEY_UNREADABLE',
    kind: 'invalid',
    message: (d: { where: string }) => `${d.where} does not hold a master key, which has 64 hexadecimal digits.`,
    help: 'Give the one that the data folder was first started with; for a new folder make one with `openssl rand -hex 32`.',
  }),
  usage: entry({ code: 'USAGE', kind: 'invalid', message: (d: { text: string; command: string }) => d.text, help: (d) => `\`rondo ${d.command === '' ? '' : `${d.command} `}--help\` shows how.` }),
  notInstalled: entry({ code: 'NOT_INSTALLED', kind: 'unavailable', message: (d: { reason: string }) => `A package of the house is missing: ${d.reason}`, help: 'Run `npm ci`, or `npm start`, which installs what is missing.' }),
  unreadable: entry({ code: 'UNREADABLE', kind: 'not-found', message: (d: { file: string; reason: string }) => `"${d.file}" cannot be read: ${REASONS[d.reason] ?? d.reason}.` }),
  notAnswering: entry({ code: 'NOT_ANSWERING', kind: 'unavailable', message: (d: { url: string; pid: number }) => `Process ${d.pid} at ${d.url} has the data folder open and does not answer.`, help: (d) => `Wait, or end it with \`kill -9 ${d.pid}\`: nothing acknowledged is lost.` }),
  notRunning: entry({ code: 'NOT_RUNNING', kind: 'unavailable', message: (d: { folder: string }) => `Nothing runs on "${d.folder}", so there is no portal to open.`, help: 'Start it with `npx rondo up`.' }),
  notYet: entry({ code: 'NOT_YET', kind: 'not-implemented', message: (d: { command: string }) => `\`rondo ${d.command}\` is not there yet.` }),
})
