import { Component, type ReactNode } from 'react'
import { ErrorNote } from '../parts/notes.tsx'
import { texts } from '../texts/texts.ts'

interface State {
  readonly error: unknown
}

/** Keeps a page that fails from taking the others along: it says so, and can be tried again. */
export class PageFailure extends Component<{ readonly children: ReactNode }, State> {
  override readonly state: State = { error: null }

  static getDerivedStateFromError(error: unknown): State {
    return { error }
  }

  override render(): ReactNode {
    if (this.state.error === null) return this.props.children
    return (
      <ErrorNote
        what={texts.errors.unexpected}
        error={this.state.error}
        onRetry={() => this.setState({ error: null })}
      />
    )
  }
}
