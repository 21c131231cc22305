import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { deleteBucketDocument, putBucketDocument, useBucketPolicy } from '../../data/bucket-documents.ts'
import { Button } from '../../parts/button.tsx'
import { TextField } from '../../parts/fields.tsx'
import { ErrorNote } from '../../parts/notes.tsx'
import { toast } from '../../parts/toasts.tsx'
import { useSession } from '../../session/session-context.tsx'
import { texts } from '../../texts/texts.ts'
import { EffectiveAccess } from './effective-access.tsx'
import { refreshSettings, SettingForm } from './setting-form.tsx'
import type { AccountSettingProps } from './setting-props.ts'

const words = texts.settings.policy
const ROWS = 14

/** The policy of the bucket, as text. */
export function PolicySetting({ bucket }: AccountSettingProps): ReactNode {
  const found = useBucketPolicy(bucket.name, bucket.region)
  if (found.isError) return <ErrorNote error={found.error} what={words.title} />
  if (found.data === undefined) return null
  return <Loaded key={found.data ?? ''} bucket={bucket} now={found.data} />
}

/** Indented for reading; as it is where it is no JSON. */
function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

/** Why a text is no JSON; null: it is, or empty. */
function faultOf(text: string): string | null {
  if (text.trim() === '') return null
  try {
    JSON.parse(text)
    return null
  } catch (error) {
    return words.notJson(error instanceof Error ? error.message : String(error))
  }
}

function Loaded({ bucket, now }: AccountSettingProps & { readonly now: string | null }): ReactNode {
  const { session } = useSession()
  const queries = useQueryClient()
  const [text, setText] = useState(indented(now ?? ''))
  const place = { bucket: bucket.name, region: bucket.region, name: 'policy' } as const
  const remove = useMutation({
    mutationFn: () => deleteBucketDocument(session, place),
    onSuccess: async () => {
      toast(words.removed)
      await refreshSettings(queries, bucket.name)
    },
  })
  const fault = faultOf(text)
  return (
    <SettingForm
      id="policy"
      title={words.title}
      says={now === null ? `${words.says} ${words.none}` : words.says}
      bucket={bucket.name}
      isChanged={text.trim() !== '' && text !== indented(now ?? '')}
      isRefused={fault !== null}
      onSave={() => putBucketDocument(session, place, text)}
      below={
        <EffectiveAccess
          bucket={bucket.name}
          region={bucket.region}
          draft={fault === null && text.trim() !== '' && text !== indented(now ?? '') ? text : null}
        />
      }
      further={
        <>
          {now !== null && (
            <Button isDisabled={remove.isPending} onPress={() => remove.mutate()}>
              {words.remove}
            </Button>
          )}
          {text === '' && <Button onPress={() => setText(example(bucket.name))}>{words.template}</Button>}
        </>
      }
    >
      {remove.isError && <ErrorNote error={remove.error} />}
      <TextField label={words.label} value={text} onChange={setText} rows={ROWS} isCode error={fault} />
    </SettingForm>
  )
}

/** A policy that is often wanted: some folder is read by everyone. */
const example = (bucket: string): string =>
  JSON.stringify(
    {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'ReadDownloads',
          Effect: 'Allow',
          Principal: '*',
          Action: 's3:GetObject',
          Resource: `arn:aws:s3:::${bucket}/downloads/*`,
        },
      ],
    },
    null,
    2,
  )
