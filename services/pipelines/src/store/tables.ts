// Rows as the database has them; they never leave this folder.

export type PipelinesDatabase = {
  definition_sets: { id: number; body: string; put_ms: number }
  revisions: { id: number; value: number }
  partitions: {
    endpoint: string
    start_ms: number
    partition: string
    version: string
    inputs_version: string
    code_version: string
    provisional: number
    file: string
    rows: number
    bytes: number
    run_id: string
    published_ms: number
    duration_ms: number
    revision: number
    checks: string
  }
  runs: {
    id: string
    pipeline: string
    endpoint: string
    partition: string
    start_ms: number
    instance: string
    code_version: string
    provisional: number
    state: 'running' | 'published' | 'failed' | 'blocked'
    attempt: number
    fence: number
    file: string
    started_ms: number
    ended_ms: number | null
    duration_ms: number | null
    rows: number | null
    bytes: number | null
    inputs: string
    checks: string
    error: string | null
    retry_at_ms: number | null
  }
  dropped_files: { file: string; endpoint: string; partition: string; reason: 'replaced' | 'retention' | 'interrupted'; dropped_ms: number; deleted_ms: number | null }
}
