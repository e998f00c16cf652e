// Recommendations: how long a turn of the loop takes, the models behind it, and a place to try them.
import { formatThings, Notice, Page, useActions, useCall, useRoute, Button, formatCount } from '@rondo/ui'
import { IconRefresh } from '@tabler/icons-react'
import { recommendationsContract } from '../src/contract.ts'
import { GuessSection, ModelsSection } from './models-section.tsx'
import { TryIt } from './try-it.tsx'
import { TurnSection } from './turn-section.tsx'
import styles from './recommendations.module.css'

export function RecommendationsPage() {
  const models = useRoute(recommendationsContract, 'listModels', {}, { refetchMs: 10_000 })
  const refresh = useCall(recommendationsContract, 'refresh')
  const learn = (): void => void refresh.call({ body: { provisional: true } })
  useActions([{ id: 'learn', label: 'Learn now from all that has landed', says: 'Trains a model on every event so far and makes the lists that this week lacks. Lists that exist stay as they are.', run: learn }])
  const newest = models.data?.rows[0]
  return (
    <Page
      arc="recommendations"
      title="Recommendations"
      meta={newest === undefined ? undefined : `${formatThings(models.data?.rows.length ?? 0, 'model')}, the newest knows ${formatCount(newest.users)} listeners and ${formatCount(newest.items)} tracks`}
      copy={{ command: 'npx rondo recommend USER --explain', call: '/api/recommendations/v1/models' }}
      actions={<Button icon={<IconRefresh size={14} stroke={1.75} />} onClick={learn} disabled={refresh.isCalling}>{refresh.isCalling ? 'Learning…' : 'Learn now'}</Button>}
    >
      {refresh.error !== undefined && <Notice tone="bad" title={`Could not learn: ${refresh.error.message}`} actions={<Button onClick={refresh.reset}>Close</Button>}>{refresh.error.help}</Notice>}
      {refresh.data !== undefined && refresh.error === undefined && (
        <Notice tone="tonic" title={`Learned from ${formatThings(refresh.data.interactions, 'interaction')} of ${formatThings(refresh.data.users, 'listener')}.`} actions={<Button onClick={refresh.reset}>Close</Button>}>
          {refresh.data.lists === 0 ? 'Every list of this week was there already.' : `${formatThings(refresh.data.lists, 'list')} made.`}
        </Notice>
      )}
      <div className={styles.top}>
        <TurnSection />
        <GuessSection rows={models.data?.rows ?? []} />
      </div>
      <div className={styles.models}><ModelsSection models={models} /></div>
      <TryIt />
    </Page>
  )
}
