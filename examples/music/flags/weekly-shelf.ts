// Which list stands on the Monday shelf.
import { defineFlag, Type } from 'rondo'

export default defineFlag({
  key: 'weekly-shelf',
  owner: 'squad-discovery',
  description: 'The weekly list on the home screen.',
  schema: Type.Object({ shelf: Type.Enum(['popularity', 'discover-weekly'], { personal: 'none' }) }),
  variants: { popularity: { shelf: 'popularity' }, 'discover-weekly': { shelf: 'discover-weekly' } },
  clients: ['*'],
  rules: [{ name: 'everyone', assign: [{ variant: 'popularity', share: 1 }] }],
})
