// `rondo recommend USER`: what to hear next, and why.
import { recommendationsContract } from '@rondo/recommendations/contract'
import { errors } from '../errors.ts'
import { integerOf, wordOf, type Command } from './command.ts'
import { withConnection } from './connect.ts'

export const command: Command = {
  name: 'recommend',
  summary: 'What a listener should hear next: tracks never heard, from all that the listener did so far.',
  usage: ['recommend USER [--k N] [--explain]'],
  example: 'rondo recommend listener-0042 --k 5 --explain',
  words: ['USER'],
  options: { k: { type: 'string' }, explain: { type: 'boolean' } },
  optionHelp: { '--k N': 'so many; default 10', '--explain': 'with the reason and what spoke for each' },
  async run(args, terminal) {
    const k = integerOf(args, 'k', 'recommend', 1) ?? 10
    return withConnection(args, terminal, async ({ peer, ctx }) => {
      const recommendations = peer(recommendationsContract)
      const asked = wordOf(args, 0)
      const user = findListener(asked, (await recommendations.listUsers({ q: asked, limit: 1000 }, ctx)).rows.map((row) => row.user))
      const answer = await recommendations.recommend({ user, k }, ctx)
      if (user !== asked) terminal.say(`"${asked}" is "${user}" here.`)
      if (answer.coldStart !== undefined) terminal.say(answer.coldStart)
      const explain = args.values['explain'] === true
      terminal.rows(
        answer.rows.map((row) => (terminal.json ? row : { position: row.position, title: row.title, artist: row.artistName, score: row.score, ...(explain ? { why: row.reason.text, sources: row.sources } : {}) })),
      )
      return 0
    })
  },
}

/** Imported listeners carry their source in front: "2" means "hetrec-2" where no other listener is a "…-2". Throws USAGE when several are. */
function findListener(asked: string, known: string[]): string {
  if (known.includes(asked)) return asked
  const same = known.filter((user) => user.endsWith(`-${asked}`))
  if (same.length > 1) throw errors.usage({ text: `"${asked}" may be ${same.map((user) => `"${user}"`).join(' or ')}.`, command: 'recommend' })
  return same[0] ?? asked
}
