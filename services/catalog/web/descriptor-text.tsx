// A descriptor as YAML, as somebody would write it; the writer loads only when it is looked at.
import { Skeleton } from '@rondo/ui'
import { useEffect, useState } from 'react'
import { toWritten } from './entity-words.ts'
import styles from './catalog.module.css'

export function DescriptorText({ entity }: { entity: Record<string, unknown> }) {
  const [text, setText] = useState<string | undefined>()
  useEffect(() => {
    let isHere = true
    void import('yaml').then(({ stringify }) => {
      if (isHere) setText(stringify(toWritten(entity), { lineWidth: 100 }))
    })
    return () => {
      isHere = false
    }
  }, [entity])
  return text === undefined ? <Skeleton lines={8} /> : <pre className={styles.code}>{text}</pre>
}
