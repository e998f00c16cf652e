// What a browser without a session sees: who may come in, and how. The page that was wanted, or was open, is there again afterwards.
import { Button, Command } from '@rondo/ui'
import { useState, type FormEvent } from 'react'
import { toSignInPath } from './sign-in-path.ts'
import styles from './signed-out.module.css'

/** `hasEnded`: somebody was signed in here, and the page behind this one is kept. */
export function SignedOut({ hasEnded }: { hasEnded: boolean }) {
  const [link, setLink] = useState('')
  const [isWrong, setWrong] = useState(false)
  const open = (event: FormEvent): void => {
    event.preventDefault()
    const path = toSignInPath(link, `${window.location.pathname}${window.location.search}`)
    if (path === undefined) setWrong(true)
    else window.location.assign(path)
  }
  return (
    <main className={styles.page}>
      <div className={styles.box}>
        <svg width="34" height="34" viewBox="0 0 24 24" aria-hidden="true">
          <path d="M17.3 5.2A8.6 8.6 0 1 1 6.7 5.2" fill="none" stroke="var(--ink)" strokeWidth="2" strokeLinecap="round" />
          <ellipse cx="12.2" cy="3.6" rx="2.6" ry="2" transform="rotate(-18 12.2 3.6)" fill="var(--tonic)" />
        </svg>
        <h1>{hasEnded ? 'Your session has ended.' : 'Come in with a link.'}</h1>
        <p>
          {hasEnded ? 'The page you had open is kept. ' : ''}Rondo printed a link when it started; opening it signs this browser in. It works once. For a new one, type this where Rondo runs:
        </p>
        <Command text="npx rondo keys link" />
        <form onSubmit={open} className={styles.form}>
          <label htmlFor="link">Then open it, or paste it here</label>
          <div>
            <input id="link" autoComplete="off" spellCheck={false} value={link} placeholder="http://…/sign-in?link=rk_link_…" aria-invalid={isWrong} aria-describedby={isWrong ? 'link-wrong' : undefined} onChange={(event) => { setLink(event.target.value); setWrong(false) }} />
            <Button kind="go" type="submit">Sign in</Button>
          </div>
          {isWrong && <p id="link-wrong" role="alert" className="bad">That holds no link: it has “rk_link_” in it.</p>}
        </form>
        <p className={styles.quiet}>This page goes on by itself once the link was opened in another tab of this browser.</p>
      </div>
    </main>
  )
}
