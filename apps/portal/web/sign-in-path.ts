// From what somebody pasted to the address that signs them in and brings them back.

/** Takes a whole link, or only its secret; undefined when there is none in it. `back` is a path of this portal. */
export function toSignInPath(pasted: string, back: string): string | undefined {
  const secret = /rk_link_[A-Za-z0-9_-]+/.exec(pasted)?.[0]
  return secret === undefined ? undefined : `/sign-in?${new URLSearchParams({ link: secret, next: back }).toString()}`
}
