// `rondo sql`: one SELECT over the endpoints.
import { pipelinesContract } from '@rondo/pipelines/contract'
import { integerOf, wordOf, type Command } from './command.ts'
import { withConnection } from './connect.ts'

export const command: Command = {
  name: 'sql',
  summary: 'Asks the datasets: one SELECT over endpoints by name, "track-played" or track_played.',
  usage: ['sql "SELECT" [--max-rows N]'],
  example: 'rondo sql "select source, count(*) as plays from track_played group by 1 order by 2 desc"',
  words: ['SELECT'],
  options: { 'max-rows': { type: 'string' } },
  optionHelp: { '--max-rows N': 'at most so many rows; default 10,000' },
  async run(args, terminal) {
    const maxRows = integerOf(args, 'max-rows', 'sql', 1)
    return withConnection(args, terminal, async ({ peer, ctx }) => {
      const sql = wordOf(args, 0)
      const result = await peer(pipelinesContract).sql({ body: { sql, ...(maxRows === undefined ? {} : { maxRows }) } }, ctx)
      terminal.rows(result.rows, result.columns.map((column) => column.name))
      if (result.truncated && !terminal.json) terminal.say(`Only the first ${result.rows.length.toLocaleString('en-US')} rows; --max-rows N gives more.`)
      return 0
    })
  },
}
