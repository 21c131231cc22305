import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useId, type ReactNode } from 'react'
import { Form } from 'react-aria-components'
import { Button } from '../../parts/button.tsx'
import { catchFocus } from '../../parts/lost-focus.ts'
import { ErrorNote } from '../../parts/notes.tsx'
import { toast } from '../../parts/toasts.tsx'
import { texts } from '../../texts/texts.ts'

const FOCUS_BACK_MS = 50

/** A setting with its form: what it says, its fields, and a button that saves once something is changed. */
export function SettingForm({
  id,
  title,
  says,
  bucket,
  isChanged,
  isRefused = false,
  action = texts.save,
  onSave,
  children,
  further,
  below,
}: {
  /** In the address of the page: `#cors`. */
  readonly id: string
  readonly title: string
  readonly says: string
  readonly bucket: string
  readonly isChanged: boolean
  /** Whether something in the form cannot be saved; the fields say what. */
  readonly isRefused?: boolean
  readonly action?: string
  readonly onSave: () => Promise<void>
  readonly children: ReactNode
  /** Buttons besides. */
  readonly further?: ReactNode
  /** What stands below and is no part of the form. */
  readonly below?: ReactNode
}): ReactNode {
  const heading = useId()
  const queries = useQueryClient()
  const save = useMutation({
    mutationFn: onSave,
    onSuccess: async () => {
      toast(texts.settings.saved(title))
      await refreshSettings(queries, bucket)
      // The form is made anew with what was saved, and its button has nothing to save.
      setTimeout(() => catchFocus(document.getElementById(id)), FOCUS_BACK_MS)
    },
  })
  return (
    <section className="card stack" id={id} aria-labelledby={heading} tabIndex={-1}>
      <div className="stack-tight">
        <h2 id={heading}>{title}</h2>
        <p className="muted">{says}</p>
      </div>
      <Form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault()
          if (isChanged && !isRefused && !save.isPending) save.mutate()
        }}
      >
        {children}
        {save.isError && <ErrorNote what={texts.settings.notSaved(title)} error={save.error} />}
        <div className="row">
          <Button type="submit" isDisabled={!isChanged || isRefused || save.isPending}>
            {action}
          </Button>
          {further}
        </div>
      </Form>
      {below}
    </section>
  )
}

/** Has all that is shown of a bucket's settings fetched anew. */
export async function refreshSettings(
  queries: ReturnType<typeof useQueryClient>,
  bucket: string,
): Promise<void> {
  await Promise.all([
    queries.invalidateQueries({ queryKey: ['bucket', bucket] }),
    queries.invalidateQueries({ queryKey: ['document', bucket] }),
    queries.invalidateQueries({ queryKey: ['buckets'] }),
  ])
}
