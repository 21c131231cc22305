import { useMutation } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { Form } from 'react-aria-components'
import { useRefreshBuckets } from '../../data/buckets.ts'
import { useBundles } from '../../data/bundles.ts'
import { lastRegion, REGIONS, rememberRegion } from '../../data/regions.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Checkbox, SelectField, TextField } from '../../parts/fields.tsx'
import { ErrorNote } from '../../parts/notes.tsx'
import { TagsField, type TypedTag } from '../../parts/tags-field.tsx'
import { toast } from '../../parts/toasts.tsx'
import { bucketPlace } from '../../routing/places.ts'
import { navigate } from '../../routing/router.tsx'
import { useMay, useOperation } from '../../session/session-context.tsx'
import { offeredBucketPages } from '../../shell/offered-pages.ts'
import { texts } from '../../texts/texts.ts'
import { planOption } from './plan-option.ts'

const words = texts.createBucket
const NAME = /^[a-z0-9][a-z0-9-]{1,52}[a-z0-9]$/
const BUNDLE_DEFAULT = 'small_1_0'

/** Makes a bucket, and goes there. */
export function CreateBucket({
  isOpen,
  onClose,
}: {
  readonly isOpen: boolean
  readonly onClose: () => void
}): ReactNode {
  return (
    <Dialog title={words.title} isOpen={isOpen} onClose={onClose}>
      <CreateBucketForm onClose={onClose} />
    </Dialog>
  )
}

function CreateBucketForm({ onClose }: { readonly onClose: () => void }): ReactNode {
  const [name, setName] = useState('')
  const [region, setRegion] = useState<string>(
    () => REGIONS.find((each) => each === lastRegion()) ?? 'us-east-1',
  )
  const [bundleId, setBundleId] = useState(BUNDLE_DEFAULT)
  const [isVersioned, setIsVersioned] = useState(false)
  const [tags, setTags] = useState<readonly TypedTag[]>([])
  const [isTried, setIsTried] = useState(false)
  const bundles = useBundles()
  const operation = useOperation()
  const refresh = useRefreshBuckets()
  const may = useMay()
  const create = useMutation({
    mutationFn: async () => {
      const given = tags.filter(({ key }) => key !== '')
      await operation(
        'CreateBucket',
        {
          bucketName: name,
          bundleId,
          enableObjectVersioning: isVersioned,
          ...(given.length > 0 && { tags: given }),
        },
        { region },
      )
      await refresh()
    },
    onSuccess: () => {
      rememberRegion(region)
      toast(words.done(name))
      onClose()
      const [tab = 'overview'] = offeredBucketPages(may)
      navigate(bucketPlace(name, tab))
    },
  })
  const isGood = NAME.test(name)
  return (
    <Form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        setIsTried(true)
        if (isGood && !create.isPending) create.mutate()
      }}
    >
      <TextField
        label={words.name}
        hint={words.nameHint}
        value={name}
        onChange={(typed) => setName(typed.toLowerCase().replace(/\s+/g, '-'))}
        error={isTried && !isGood ? words.nameBad : null}
        autoFocus
      />
      <SelectField
        label={words.plan}
        hint={words.planHint}
        value={bundleId}
        onChange={setBundleId}
        options={
          bundles.data?.filter(({ isActive }) => isActive !== false).map(planOption) ?? [
            { value: bundleId, label: texts.loading },
          ]
        }
      />
      <SelectField
        label={words.region}
        hint={words.regionHint}
        value={region}
        onChange={setRegion}
        options={REGIONS.map((each) => ({ value: each, label: each }))}
      />
      <Checkbox isSelected={isVersioned} onChange={setIsVersioned} hint={words.versioningHint}>
        {words.versioning}.
      </Checkbox>
      <TagsField tags={tags} onChange={setTags} />
      {create.isError && <ErrorNote what={words.failed(name)} error={create.error} />}
      <div className="form-actions">
        <Button onPress={onClose}>{texts.cancel}</Button>
        <Button type="submit" weight="primary" isDisabled={create.isPending}>
          {words.action(name)}
        </Button>
      </div>
    </Form>
  )
}
