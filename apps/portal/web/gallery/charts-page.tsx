// All charts with sample data.
import { Bars, Columns, Forest, HeatGrid, KeyValues, LineageGraph, Page, Section, Sentence, Sequential, ShareBar, Staff, StateGlyph, TimeSeries, useTabs, type HeatCell, type HeatState } from '@rondo/ui'

const cell = (state: HeatState, index: number): HeatCell => ({ state, title: `Partition ${index + 1}`, weight: ((index * 37) % 10) / 10 })
const days = Array.from({ length: 14 }, (_, index) => (index === 13 ? 'Today' : index === 0 ? '8 Sep' : String(8 + index)))
const hourly = (last: number): HeatCell[] => Array.from({ length: 24 }, (_, hour) => cell(hour < last ? 'healthy' : hour === last ? 'running' : 'waiting', hour))

export function ChartsPage() {
  const [tab, tabs] = useTabs([{ id: 'readout', label: 'Readout' }, { id: 'design', label: 'Design' }, { id: 'diary', label: 'Diary', count: 6 }])
  const bounds = Array.from({ length: 14 }, (_, index) => (index < 2 ? null : 0.083 / Math.sqrt((index + 1) * 0.42)))
  const looks = [0.039, 0.006, 0.017, 0.026, 0.015, 0.022, 0.0175, 0.016, 0.0145, 0.017, 0.0195, 0.021].map((estimate, index) => ({ look: index + 1, estimate, lower: estimate - 0.06 / (index + 1), upper: estimate + 0.06 / (index + 1) }))
  return (
    <Page arc="experiments" title="Shorter introductions" crumbs={[{ label: 'Experiments', to: '/experiments' }]} state={<StateGlyph state="running" label="Day 12 of 14" />} aside={<code>dw-short-intro</code>} copy={{}}>
      {tabs}
      <Columns side={<><Section title="Is the data sound?" hint={`tab ${tab}`}><KeyValues rows={[['Split', '50.02 % to 49.98 %, p = 0.71'], ['Exposure', '412,306 of 412,918 assigned'], ['Power', '0.86 for +1.5 % saves']]} /></Section><Section title="No usual"><Staff notes={[]} /></Section></>}>
        <Section><Sentence size="verdict">Ship it.</Sentence><Sentence size="remark">Listeners who get a ten-second introduction save 2.1 % more tracks. Nothing they care about got worse.</Sentence></Section>
        <Section title="Saves per listener" hint="difference to control, one look a day"><Sequential looks={looks} planned={14} bounds={bounds} better="higher" finding="Saves per listener crossed the upper bound on day 10 and stand at +2.1 %." /></Section>
        <Section title="Metrics"><Forest finding="Saves are better; all four guardrails are within their margins." groups={[
          { title: 'Success', hint: 'at least one must be better', rows: [{ metric: 'Saves per listener', estimate: 0.021, lower: 0.009, upper: 0.033, better: 'higher', reading: 'Better', tone: 'good', decides: true }, { metric: 'Weeks returned', estimate: 0.007, lower: -0.002, upper: 0.016, better: 'higher', reading: 'Not yet clear', tone: 'quiet', decides: false }] },
          { title: 'Guardrail', hint: 'none may cross its margin', rows: [{ metric: 'Minutes listened', estimate: 0.003, lower: -0.003, upper: 0.01, better: 'higher', margin: 0.01, reading: 'Within margin', decides: true }, { metric: 'Skips', estimate: -0.006, lower: -0.013, upper: 0.001, better: 'lower', margin: 0.01, reading: 'Within margin', decides: true }] },
          { title: 'Also watched', hint: 'does not decide', rows: [{ metric: 'New artists heard', estimate: 0.044, lower: 0.031, upper: 0.057, better: 'higher', reading: 'Better', tone: 'good', decides: true }] },
        ]} /></Section>
        <Section title="Partitions" hint="14 days"><HeatGrid columns={days} afterColumns={['Promise']} finding="Two endpoints are late; one failed today." rows={[
          { key: 'a', name: 'user-taste-daily', label: 'user-taste-daily', cells: days.map((_, index) => cell(index === 13 ? 'failed' : 'healthy', index)), after: ['06:00'] },
          { key: 'b', name: 'sessions-hourly', label: 'sessions-hourly', cells: days.map((_, index) => hourly(index === 13 ? 9 : 24)), after: ['+ 30 min'] },
          { key: 'c', name: 'weekly-lists', label: 'weekly-lists', cells: days.map((_, index) => cell(index === 13 ? 'blocked' : index === 6 ? 'late' : index === 9 ? 'mark' : index === 11 ? 'none' : index === 12 ? 'waiting' : 'healthy', index)), after: ['Mon 08:00'] },
        ]} /></Section>
        <Section title="Lineage" hint="red: the cause and who waits for it"><LineageGraph focus="taste" onOpen={() => undefined} finding="track-catalogue holds back user-taste-daily and two after it." nodes={[
          { id: 'played', name: 'track-played', detail: 'playback, closed 09:00', state: 'healthy' }, { id: 'skipped', name: 'track-skipped', detail: 'playback, closed 09:00', state: 'healthy' }, { id: 'cat', name: 'track-catalogue', detail: 'content, v 1,204', state: 'warned' },
          { id: 'inter', name: 'interactions-daily', detail: 'taste, Sunday 04:41', state: 'healthy' }, { id: 'genres', name: 'track-genres-daily', detail: 'content, Sunday 05:02', state: 'late' }, { id: 'taste', name: 'user-taste-daily', detail: 'taste, held back 06:12', state: 'failed' },
          { id: 'cand', name: 'discover-weekly-candidates', detail: 'discovery, due 08:00', state: 'blocked' }, { id: 'lists', name: 'discover-weekly-lists', detail: 'discovery, due 15:00', state: 'waiting' }, { id: 'seg', name: 'taste-segments-weekly', detail: 'ads, due tomorrow', state: 'waiting' },
        ]} edges={[{ from: 'played', to: 'inter' }, { from: 'skipped', to: 'inter' }, { from: 'cat', to: 'genres' }, { from: 'inter', to: 'taste' }, { from: 'genres', to: 'taste' }, { from: 'taste', to: 'cand' }, { from: 'cand', to: 'lists' }, { from: 'taste', to: 'seg' }]} /></Section>
        <Section title="Rate"><TimeSeries finding="The rate follows its usual day." series={[{ name: 'accepted', points: Array.from({ length: 48 }, (_, index) => ({ at: Date.parse('2026-09-19T10:00:00Z') + index * 3_600_000, value: 1_000 + 600 * Math.sin(index / 4) })) }, { name: 'dead', points: Array.from({ length: 48 }, (_, index) => ({ at: Date.parse('2026-09-19T10:00:00Z') + index * 3_600_000, value: 80 + 30 * Math.cos(index / 3) })) }]} /></Section>
        <Section title="By source"><Bars finding="Most plays come from Discover Weekly." bars={[{ key: 'dw', label: 'discover-weekly', value: 412, text: '412', tone: 'tonic' }, { key: 's', label: 'search', value: 188, text: '188' }, { key: 'r', label: 'radio', value: 12, text: '12' }]} /><ShareBar finding="Half and half" parts={[{ key: 'a', label: 'Events to Datasets', value: 5, text: '5 min' }, { key: 'b', label: 'Datasets to Lists', value: 7, text: '7 min' }]} /></Section>
      </Columns>
    </Page>
  )
}
