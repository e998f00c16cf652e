// The tools of Apache Kafka itself on a log without a broker; of the engine only its libraries are used.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { engineUrl, findSoftware } from '@rondo/tools/engines'
import { openFace } from './face-of-log.ts'
import { listValues, runProgram } from './programs.ts'

const LINES = Array.from({ length: 200 }, (_, index) => `line ${index}`)
const { skip } = engineUrl('kafka')

describe("Kafka's own tools on a log", { skip, timeout: 120_000 }, () => {
  it('EL59 producer, consumer, groups and topics', async () => {
    const libraries = join(await findSoftware('kafka'), 'libs', '*')
    await using face = await openFace()
    const tool = (name: string, args: string[], input?: string[]): Promise<string[]> =>
      runProgram('java', ['-Xmx128m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-cp', libraries, `org.apache.kafka.tools.${name}`, '--bootstrap-server', face.address, ...args], input)
    await tool('ConsoleProducer', ['--topic', 't'], LINES)
    assert.deepEqual(await listValues(face, 't'), LINES)
    assert.deepEqual((await tool('consumer.ConsoleConsumer', ['--topic', 't', '--group', 'g', '--from-beginning', '--max-messages', '200'])).slice(-200), LINES)
    assert.ok((await tool('consumer.group.ConsumerGroupCommand', ['--describe', '--group', 'g'])).some((line) => /^g\s+t\s+0\s+200\s+200\s+0\s/.test(line)))
    assert.ok((await tool('TopicCommand', ['--describe', '--topic', 't4'])).some((line) => line.includes('PartitionCount: 4')))
  })
})
