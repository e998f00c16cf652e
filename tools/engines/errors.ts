// What can go wrong around engines, each with the command that mends it.
import { defineErrors, entry } from '@rondo/errors'
import { engineNames } from './engine.ts'

export const errors = defineErrors({
  commandUnknown: entry({
    code: 'ENGINES_COMMAND_UNKNOWN',
    kind: 'invalid',
    message: (d: { command: string }) => (d.command === '' ? 'Say what to do.' : `There is no command "${d.command}".`),
    help: 'Use: npm run engines -- up kafka postgres … | down [engine …] | status   [--dir FOLDER] [--port-base PORT] [--fresh]',
  }),
  engineUnknown: entry({
    code: 'ENGINES_ENGINE_UNKNOWN',
    kind: 'invalid',
    message: (d: { name: string }) => `There is no engine "${d.name}".`,
    help: `The engines are ${engineNames.join(', ')}, or "all".`,
  }),
  enginesMissing: entry({
    code: 'ENGINES_NONE_NAMED',
    kind: 'invalid',
    message: (_d: Record<string, never>) => '"up" needs the names of engines.',
    help: `The engines are ${engineNames.join(', ')}, or "all".`,
  }),
  optionBad: entry({
    code: 'ENGINES_OPTION_BAD',
    kind: 'invalid',
    message: (d: { option: string; value: string; wanted: string }) => `"${d.option}" is "${d.value}"; it must be ${d.wanted}.`,
  }),
  platformUnknown: entry({
    code: 'ENGINES_PLATFORM_UNKNOWN',
    kind: 'not-implemented',
    message: (d: { platform: string }) => `Engines are started on Linux only; this is "${d.platform}".`,
    help: 'Start the engines in your own way and give their addresses: ENGINES_KAFKA_URL=kafka://…, ENGINES_POSTGRES_URL=…',
  }),
  programMissing: entry({
    code: 'ENGINES_PROGRAM_MISSING',
    kind: 'unavailable',
    message: (d: { program: string; install: string }) => `The program "${d.program}" is not on the path.`,
    help: (d) => `Install it: ${d.install}`,
  }),
  programFailed: entry({
    code: 'ENGINES_PROGRAM_FAILED',
    kind: 'unavailable',
    message: (d: { command: string; code: number | string; output: string }) => `"${d.command}" ended with ${d.code}.\n${d.output}`,
  }),
  rootNeeded: entry({
    code: 'ENGINES_ROOT_NEEDED',
    kind: 'forbidden',
    message: (d: { engine: string; command: string }) => `${d.engine} is installed by apt, which needs root.`,
    help: (d) => `Run: sudo ${d.command}`,
  }),
  portTaken: entry({
    code: 'ENGINES_PORT_TAKEN',
    kind: 'conflict',
    message: (d: { engine: string; port: number }) => `${d.engine} cannot start: port "${d.port}" of 127.0.0.1 is taken by another program.`,
    help: 'Stop that program, or choose other ports: --port-base 20000',
  }),
  setBusy: entry({
    code: 'ENGINES_SET_BUSY',
    kind: 'conflict',
    message: (d: { engine: string; folder: string }) => `${d.engine} is being started or stopped by somebody else in "${d.folder}".`,
    help: 'Wait for that command to end, or use a set of your own: --dir FOLDER --port-base PORT',
  }),
  folderClosed: entry({
    code: 'ENGINES_FOLDER_CLOSED',
    kind: 'forbidden',
    message: (d: { folder: string; user: string }) => `The user "${d.user}" cannot enter "${d.folder}", and root may not run this engine.`,
    help: (d) => `Run: chmod o+x ${d.folder}   or use another folder: --dir FOLDER`,
  }),
  dataForeign: entry({
    code: 'ENGINES_DATA_FOREIGN',
    kind: 'conflict',
    message: (d: { engine: string; folder: string; found: string; wanted: string }) => `The data of ${d.engine} in "${d.folder}" was written by version "${d.found}"; version ${d.wanted} cannot read it.`,
    help: 'Empty it with --fresh, or use another folder: --dir FOLDER',
  }),
  diedAtStart: entry({
    code: 'ENGINES_DIED_AT_START',
    kind: 'unavailable',
    message: (d: { engine: string; log: string; tail: string }) => `${d.engine} ended while it was starting. The end of "${d.log}":\n${d.tail}`,
  }),
  notReady: entry({
    code: 'ENGINES_NOT_READY',
    kind: 'unavailable',
    message: (d: { engine: string; seconds: number; log: string; tail: string }) => `${d.engine} was not ready within ${d.seconds} s. The end of "${d.log}":\n${d.tail}`,
  }),
  notRunning: entry({
    code: 'ENGINES_NOT_RUNNING',
    kind: 'unavailable',
    message: (d: { engine: string }) => `${d.engine} is not running.`,
    help: (d) => `Start it: npm run engines -- up ${d.engine}`,
  }),
  answerBad: entry({
    code: 'ENGINES_ANSWER_BAD',
    kind: 'unavailable',
    message: (d: { engine: string; asked: string; answer: string }) => `${d.engine} answered "${d.asked}" with: ${d.answer}`,
  }),
  testNamesNoEngine: entry({
    code: 'ENGINES_TEST_NAMES_NO_ENGINE',
    kind: 'invalid',
    message: (d: { path: string; name: string }) => `"${d.path}" begins with "${d.name}", which is no engine.`,
    help: `Name it ENGINE[+ENGINE…][-ANYTHING].engine.test.ts with the engines ${engineNames.join(', ')}.`,
  }),
})
