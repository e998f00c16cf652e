// Tables of the access room; rows never leave `store/`.

export type AccessTables = {
  keys: {
    id: string
    kind: string
    name: string
    scope: string
    prefix: string
    hash: string
    created_at: number
    created_by: string
    expires_at: number | null
    last_used_at: number | null
    revoked_at: number | null
  }
  sessions: { hash: string; name: string; created_at: number; expires_at: number }
  links: { hash: string; created_at: number; expires_at: number }
  audit: { id: string; at: number; actor: string; action: string; subject: string; detail: string }
}
