// `rondo recommend USER`: what to hear next, and why.
import { recommendationsContract } from '@rondo/recommendations/contract'
import { integerOf, positional, type Command } from './command.ts'
import { withConnection } from './connect.ts'

export const command: Command = {
  name: 'recommend',
  summary: 'What a listener should hear next: tracks never heard, from all that the listener did so far.',
  usage: ['recommend USER [--k N] [--explain]'],
  example: 'rondo recommend listener-0042 --k 5 --explain',
  options: { k: { type: 'string' }, explain: { type: 'boolean' } },
  optionHelp: { '--k N': 'so many; default 10', '--explain': 'with the reason and what spoke for each' },
  run: (args, terminal) =>
    withConnection(args, async ({ peer, ctx }) => {
      const user = positional(args, 0, 'USER', 'recommend')
      const answer = await peer(recommendationsContract).recommend({ user, k: integerOf(args, 'k', 'recommend') ?? 10 }, ctx)
      if (answer.coldStart !== undefined) terminal.say(answer.coldStart)
      const explain = args.values['explain'] === true
      terminal.rows(
        answer.rows.map((row) => (terminal.json ? row : { position: row.position, title: row.title, artist: row.artistName, score: row.score, ...(explain ? { why: row.reason.text, sources: row.sources } : {}) })),
      )
      return 0
    }),
}
