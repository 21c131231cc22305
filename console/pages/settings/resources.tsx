import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { Button } from '../../parts/button.tsx'
import { TextField } from '../../parts/fields.tsx'
import { ErrorNote } from '../../parts/notes.tsx'
import { useOperation } from '../../session/session-context.tsx'
import { texts } from '../../texts/texts.ts'
import { refreshSettings, SettingForm } from './setting-form.tsx'
import type { AccountSettingProps } from './setting-props.ts'

const words = texts.settings.resources

/** The resources that use the bucket. */
export function ResourcesSetting({ bucket }: AccountSettingProps): ReactNode {
  const [name, setName] = useState('')
  const operation = useOperation()
  const queries = useQueryClient()
  const set = async (resourceName: string, access: 'allow' | 'deny'): Promise<void> => {
    await operation(
      'SetResourceAccessForBucket',
      { bucketName: bucket.name, resourceName, access },
      { region: bucket.region },
    )
  }
  const detach = useMutation({
    mutationFn: (resourceName: string) => set(resourceName, 'deny'),
    onSuccess: () => refreshSettings(queries, bucket.name),
  })
  const attached = bucket.resourcesReceivingAccess ?? []
  return (
    <SettingForm
      id="resources"
      title={words.title}
      says={attached.length === 0 ? `${words.says} ${words.none}` : words.says}
      bucket={bucket.name}
      isChanged={name !== ''}
      action={words.attach}
      onSave={async () => {
        await set(name, 'allow')
        setName('')
      }}
    >
      {attached.length > 0 && (
        <ul className="stack-tight">
          {attached.map((resource) => (
            <li className="row-apart" key={resource.name}>
              <span>{resource.name}</span>
              <Button isDisabled={detach.isPending} onPress={() => detach.mutate(resource.name ?? '')}>
                {words.detach(resource.name ?? '')}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {detach.isError && <ErrorNote error={detach.error} />}
      <TextField label={words.name} value={name} onChange={setName} />
    </SettingForm>
  )
}
