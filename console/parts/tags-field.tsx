import { Plus, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { texts } from '../texts/texts.ts'
import { Button } from './button.tsx'
import { TextField } from './fields.tsx'

/** A tag as it is typed. */
export interface TypedTag {
  readonly key: string
  readonly value: string
}

/** Tags, a line for each. */
export function TagsField({
  tags,
  onChange,
  label = texts.createBucket.tags,
  addLabel = texts.createBucket.addTag,
  isLabelled = false,
}: {
  readonly label?: string
  readonly addLabel?: string
  /** Whether a heading says already what it is. */
  readonly isLabelled?: boolean
  readonly tags: readonly TypedTag[]
  readonly onChange: (tags: readonly TypedTag[]) => void
}): ReactNode {
  const words = texts.createBucket
  const change = (at: number, changed: Partial<TypedTag>): void =>
    onChange(tags.map((tag, place) => (place === at ? { ...tag, ...changed } : tag)))
  return (
    <div className="pairs" role="group" aria-label={label}>
      {!isLabelled && (
        <span className="field-label" aria-hidden>
          {label}
        </span>
      )}
      {tags.map((tag, at) => (
        <div className="pair" key={at}>
          <TextField label={words.tagKey} value={tag.key} onChange={(key) => change(at, { key })} />
          <TextField label={words.tagValue} value={tag.value} onChange={(value) => change(at, { value })} />
          <Button
            weight="icon"
            aria-label={words.removeTag(tag.key)}
            onPress={() => onChange(tags.filter((_, place) => place !== at))}
          >
            <X aria-hidden />
          </Button>
        </div>
      ))}
      <div>
        <Button weight="quiet" onPress={() => onChange([...tags, { key: '', value: '' }])}>
          <Plus aria-hidden />
          {addLabel}
        </Button>
      </div>
    </div>
  )
}
