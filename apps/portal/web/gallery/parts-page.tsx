// Table, facets, drawer, states, figures and notices with sample rows.
import { Button, DataTable, EmptyState, Figure, Figures, formatCount, formatExact, formatRate, formatShare, KeyValues, Notice, Owner, Page, Section, Sentence, Staff, StateGlyph, StateMark, stateRank, stateWords, Tag, useActions, useFacets, useFitting, useGo, useQueryState, Views, When, type Column, type StateWord } from '@rondo/ui'
import { Checkbox, NumberInput, Select, Switch, Textarea, TextInput } from '@rondo/ui/forms'
import { IconList, IconGridDots } from '@tabler/icons-react'
import { sampleNotes } from './sample-notes.ts'

type Row = { name: string; version: string; state: StateWord; rate: number; dead: number; owner: string; seen: string; index: number }

const owners = ['squad-playback', 'squad-discovery', 'squad-ads', 'squad-library']
const rows: Row[] = Array.from({ length: 260 }, (_, index) => ({
  name: ['track-played', 'track-skipped', 'recommendation-shown', 'flag-exposed', 'ad-heard', 'search-made'][index % 6] + (index < 6 ? '' : `-${index}`),
  version: `${1 + (index % 4)}-${index % 3}-0`,
  state: index % 11 === 4 ? 'late' : index % 17 === 8 ? 'silent' : index % 29 === 20 ? 'failed' : 'healthy',
  rate: 2_000 / (index + 1),
  dead: index % 11 === 4 ? 0.0214 : 0.0007,
  owner: owners[index % 4] ?? '',
  seen: new Date(Date.parse('2026-09-21T09:42:00Z') - index * 777_000).toISOString(),
  index,
}))

const columns: Column<Row>[] = [
  { id: 'name', header: 'Event type', cell: (row) => <>{row.name} <code className="quiet">{row.version}</code></>, sort: (row) => row.name },
  { id: 'state', header: 'State', cell: (row) => <StateGlyph state={row.state} />, sort: (row) => stateRank[row.state], narrow: 'line' },
  { id: 'rate', header: 'Rate', cell: (row) => formatRate(row.rate), sort: (row) => row.rate, align: 'end', narrow: 'value' },
  { id: 'staff', header: '24 hours against the usual', cell: (row) => <Staff notes={sampleNotes(row.index, row.state === 'late')} /> },
  { id: 'dead', header: 'Dead', cell: (row) => <span className={row.dead > 0.01 ? 'late' : ''}>{formatShare(row.dead)}</span>, sort: (row) => row.dead, align: 'end' },
  { id: 'seen', header: 'Last event', cell: (row) => <When at={row.seen} />, sort: (row) => row.seen, align: 'end' },
  { id: 'owner', header: 'Owner', cell: (row) => <Owner name={row.owner} />, sort: (row) => row.owner, narrow: 'line' },
]

export function PartsPage() {
  const go = useGo()
  const fitting = useFitting(columns, { seen: 1200 })
  const [view, setView] = useQueryState('view', 'list')
  const list = useFacets(rows, {
    text: (row) => `${row.name} ${row.owner}`,
    facets: { state: { label: 'State', of: (row) => row.state }, owner: { label: 'Owner', of: (row) => row.owner, name: (value) => value.replace('squad-', '') } },
    aside: <Views items={[{ id: 'list', label: 'List', icon: IconList }, { id: 'grid', label: 'Grid', icon: IconGridDots }]} current={view} onChoose={setView} />,
  })
  useActions([{ id: 'replay', label: 'Replay 1,204 dead letters', key: 'r', says: 'Every dead letter is checked again, against the schema in force now.', command: 'npx rondo events replay track-played', run: () => go('/catalog') }])
  return (
    <Page arc="events" title="Events" meta={`${rows.length} types, ${list.shown.length} shown`} state={<StateGlyph state="late" label="Late 41 min" />} aside={<Tag tone="tonic">personal: strict</Tag>} copy={{ command: 'npx rondo events types' }} actions={<Button kind="go" hotkey="R">Replay 1,204</Button>}>
      {list.bar}
      <Notice tone="bad" mark={<StateMark state="failed" />} title="Sunday is held back: genre is empty in 3.2 % of rows, allowed 1 %." actions={<Button kind="go">Rerun with v 1,203</Button>}>Saturday still serves. Two endpoints wait.</Notice>
      <Figures signs={['=', '+', '+']}>
        {[<Figure key="a" value={formatExact(110_287_742)} label="accepted in 24 h" usual="usually 109 M" />, <Figure key="b" value={formatExact(109_788_468)} label="delivered" />, <Figure key="c" value={formatExact(412_206)} label="duplicate" />, <Figure key="d" tone="late" value={formatCount(78_954)} label="dead letters" />]}
      </Figures>
      <Section title="States" hint="one vocabulary"><div style={{ display: 'flex', flexWrap: 'wrap', gap: 18 }}>{stateWords.map((state) => <StateGlyph key={state} state={state} />)}</div></Section>
      <Section title="Inputs">
        <div style={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fill, minmax(200px, 1fr))', gap: 16 }}>
          <TextInput label="Name" placeholder="kebab-case" description="As it stands in the workspace" />
          <TextInput label="Owner" error="No squad is called “tste”." defaultValue="tste" />
          <NumberInput label="Days" defaultValue={14} min={1} />
          <Select label="Promise" data={['Gold', 'Silver', 'Bronze']} defaultValue="Gold" />
          <Textarea label="Hypothesis" autosize minRows={2} />
          <div><Checkbox label="Start at once" defaultChecked /><Switch label="Live" defaultChecked mt="sm" /></div>
        </div>
      </Section>
      <Section title="Event types" flush>
        <DataTable label="Event types" rows={list.shown} columns={fitting} rowKey={(row) => row.name} rowHref={(row) => `/events/${row.name}`} peek={(row) => <Section><Sentence size="remark">It lands within four seconds of being played.</Sentence><KeyValues rows={[['Version', row.version], ['Owner', <Owner key="o" name={row.owner} />], ['Rate', formatRate(row.rate)]]} /></Section>} empty={<EmptyState title="No event type passes these filters." actions={<Button onClick={list.clear}>Show all</Button>} />} defaultSort="-rate" />
      </Section>
    </Page>
  )
}
