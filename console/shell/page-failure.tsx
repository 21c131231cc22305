import { Component, type ReactNode } from 'react'
import { Button } from '../parts/button.tsx'
import { ErrorNote } from '../parts/notes.tsx'
import { texts } from '../texts/texts.ts'

interface State {
  readonly error: unknown
}

/** Whether a part of the console could not be loaded, in the words of each browser: the server has other parts by now, or does not answer. */
const isMissingPart = (error: unknown): boolean =>
  error instanceof TypeError && /dynamically imported module|importing a module script/i.test(error.message)

/** Keeps a page that fails from taking the others along: it says so, and can be tried again. */
export class PageFailure extends Component<{ readonly children: ReactNode }, State> {
  override readonly state: State = { error: null }

  static getDerivedStateFromError(error: unknown): State {
    return { error }
  }

  override render(): ReactNode {
    if (this.state.error === null) return this.props.children
    if (isMissingPart(this.state.error))
      return (
        <div className="stack">
          <h1>{texts.errors.newer.why}</h1>
          <p>{texts.errors.newer.todo}</p>
          <div>
            <Button onPress={() => location.reload()}>{texts.errors.newer.action}</Button>
          </div>
        </div>
      )
    return (
      <ErrorNote
        what={texts.errors.unexpected}
        error={this.state.error}
        onRetry={() => this.setState({ error: null })}
      />
    )
  }
}
