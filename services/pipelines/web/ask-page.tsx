// The SQL workbench: a question over all datasets, its answer, and what there is to ask about.
import { pipelinesContract } from '@rondo/pipelines/contract'
import { Button, Columns, EmptyState, formatCount, formatDuration, Page, Section, StateMark, useActions, useQueryState, useRoute } from '@rondo/ui'
import { Textarea } from '@rondo/ui/forms'
import { IconDownload, IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { AskSide } from './ask-side.tsx'
import { toCsv } from './sql-cells.ts'
import { listExamples, type Example } from './sql-examples.ts'
import { SqlTable } from './sql-table.tsx'
import { useSql } from './use-sql.ts'
import styles from './data.module.css'

const MAX_ROWS = 1_000

export function AskPage() {
  const endpoints = useRoute(pipelinesContract, 'listEndpoints', {}, { refetchMs: 30_000 })
  const [asked, setAsked] = useQueryState('sql')
  const [text, setText] = useState(asked)
  const box = useRef<HTMLTextAreaElement>(null)
  const { run, stop, result, error, isRunning } = useSql()
  const rows = endpoints.data?.rows ?? []
  const examples = listExamples(rows)
  const ask = (sql = text): void => {
    if (sql.trim() === '') return
    setAsked(sql)
    run(sql, MAX_ROWS)
  }
  const take = ({ sql }: Example): void => {
    setText(sql)
    ask(sql)
  }
  const insert = (name: string): void => {
    const at = box.current?.selectionStart ?? text.length
    setText(`${text.slice(0, at)}${name}${text.slice(box.current?.selectionEnd ?? at)}`)
    box.current?.focus()
  }
  const download = (): void => {
    if (result === undefined) return
    const link = Object.assign(document.createElement('a'), { href: URL.createObjectURL(new Blob([toCsv(result)], { type: 'text/csv' })), download: 'answer.csv' })
    link.click()
    URL.revokeObjectURL(link.href)
  }
  useActions([
    { id: 'run-sql', label: 'Run the question', says: 'One SELECT over all datasets; nothing is changed by it.', run: () => ask() },
    ...(result === undefined ? [] : [{ id: 'csv', label: `Save ${formatCount(result.rows.length)} rows as CSV`, run: download }]),
    ...examples.map((example, index) => ({ id: `example-${index}`, label: `Ask: ${example.title}`, run: () => take(example) })),
  ])
  const command = `npx rondo sql '${text.replaceAll('\n', ' ').replaceAll("'", String.raw`'\''`)}'`
  return (
    <Page arc="datasets" title="Ask" meta="DuckDB’s SQL over everything that has landed" copy={text.trim() === '' ? {} : { command }}>
      <Columns sideWidth={320} side={<AskSide endpoints={endpoints} onInsert={insert} />}>
        <div className={styles.ask}>
          <Textarea
            ref={box}
            aria-label="Question in SQL"
            placeholder={'select source, count(*)\nfrom "track-played"\ngroup by source'}
            value={text}
            rows={Math.min(16, Math.max(6, text.split('\n').length + 1))}
            spellCheck={false}
            autoFocus
            classNames={{ input: styles.sql ?? '' }}
            onChange={(event) => setText(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey)) return
              event.preventDefault()
              ask()
            }}
          />
          <div className={styles.askBar}>
            <Button kind="go" icon={<IconPlayerPlay size={14} stroke={1.75} />} hotkey={navigator.platform.startsWith('Mac') ? '⌘ ↵' : 'Ctrl ↵'} disabled={isRunning || text.trim() === ''} onClick={() => ask()}>{isRunning ? 'Running' : 'Run'}</Button>
            {isRunning && <Button icon={<IconPlayerStop size={14} stroke={1.75} />} onClick={stop}>Stop</Button>}
            {result !== undefined && !isRunning && error === undefined && <span className="quiet">{formatCount(result.rows.length)} {result.rows.length === 1 ? 'row' : 'rows'}{result.truncated ? `, cut at ${formatCount(MAX_ROWS)}` : ''} in {formatDuration(result.tookMs)}</span>}
            {result !== undefined && result.rows.length > 0 && error === undefined && <span className={styles.askEnd}><Button kind="bare" icon={<IconDownload size={14} stroke={1.75} />} onClick={download}>CSV</Button></span>}
          </div>
        </div>
        {error !== undefined && <SqlError message={error.message} code={error.code} {...position(error.details)} sql={asked} />}
        {error === undefined && result !== undefined && <SqlTable result={result} />}
        {error === undefined && result === undefined && !isRunning && (examples.length > 0 ? (
          <Section title="Begin with">
            <ul className={styles.examples}>{examples.map((example) => <li key={example.title}><button type="button" onClick={() => take(example)}><b>{example.title}</b><code className="clip">{example.sql.replaceAll('\n', ' ')}</code></button></li>)}</ul>
          </Section>
        ) : <EmptyState title="There is nothing to ask about yet." commands={['npx rondo import hetrec PATH']}>Every event type and dataset is a table here as soon as something has landed.</EmptyState>)}
      </Columns>
    </Page>
  )
}

function position(details: Record<string, unknown>): { line?: number; column?: number } {
  const { line, column } = details
  return typeof line === 'number' && typeof column === 'number' ? { line, column } : {}
}

function SqlError({ message, code, line, column, sql }: { message: string; code: string; line?: number; column?: number; sql: string }) {
  const text = line === undefined ? undefined : sql.split('\n')[line - 1]
  return (
    <div className={styles.sqlError} role="alert">
      <p><StateMark state="failed" /> {message}</p>
      {text !== undefined && column !== undefined && <pre className="mono">{`${text}\n${' '.repeat(Math.max(0, column - 1))}^`}</pre>}
      <code className="quiet">{code}</code>
    </div>
  )
}
