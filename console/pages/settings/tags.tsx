import { useState, type ReactNode } from 'react'
import { TagsField, type TypedTag } from '../../parts/tags-field.tsx'
import { useOperation } from '../../session/session-context.tsx'
import { texts } from '../../texts/texts.ts'
import { SettingForm } from './setting-form.tsx'
import type { AccountSettingProps } from './setting-props.ts'

const words = texts.settings.tags

/** The tags of the bucket. */
export function TagsSetting({ bucket }: AccountSettingProps): ReactNode {
  const now = (bucket.tags ?? []).map(({ key = '', value = '' }) => ({ key, value }))
  const [tags, setTags] = useState<readonly TypedTag[]>(now)
  const operation = useOperation()
  const given = tags.filter(({ key }) => key !== '')
  return (
    <SettingForm
      id="tags"
      title={words.title}
      says={words.none}
      bucket={bucket.name}
      isChanged={JSON.stringify(given) !== JSON.stringify(now)}
      onSave={async () => {
        const at = { region: bucket.region }
        const kept = new Set(given.map(({ key }) => key))
        const gone = now.map(({ key }) => key).filter((key) => !kept.has(key))
        // Room first: a bucket has fifty tags at most.
        if (gone.length > 0)
          await operation('UntagResource', { resourceName: bucket.name, tagKeys: gone }, at)
        if (given.length > 0) await operation('TagResource', { resourceName: bucket.name, tags: given }, at)
      }}
    >
      <TagsField tags={tags} onChange={setTags} isLabelled />
    </SettingForm>
  )
}
