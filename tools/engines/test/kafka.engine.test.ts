// Kafka of a test's own, asked by Kafka's own tool.
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { kafka } from '../definitions/kafka.ts'
import { createInstaller } from '../install/installer.ts'
import { runProgram } from '../install/run-program.ts'
import { findCache } from '../places.ts'
import { testOwnEngine } from './own-engine.ts'

const software = await kafka.install(createInstaller(findCache(), () => {}))
const topics = (port: number, ...args: string[]): Promise<string> =>
  runProgram('java', ['-cp', join(software, 'libs/*'), 'org.apache.kafka.tools.TopicCommand', '--bootstrap-server', `127.0.0.1:${port}`, ...args], { cwd: tmpdir() })

testOwnEngine('kafka', {
  write: (port) => topics(port, '--create', '--topic', 'kept', '--partitions', '2'),
  read: async (port) => (await topics(port, '--list')).split('\n').includes('kept'),
})
