import { useMutation } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import type { Input } from '../../api/json-api.ts'
import { KEYS_REGION } from '../../data/keys.ts'
import { useRefreshRoles, useRoles, type Role } from '../../data/roles.ts'
import { Button } from '../../parts/button.tsx'
import { CopyField, Snippet } from '../../parts/copying.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { formatSpan } from '../../parts/formats.ts'
import { Menu } from '../../parts/menu.tsx'
import { Empty, ErrorNote, Skeleton } from '../../parts/notes.tsx'
import { toast } from '../../parts/toasts.tsx'
import { Time } from '../../parts/values.tsx'
import { CreateButton, PageHead } from '../../parts/page-head.tsx'
import { useOperation } from '../../session/session-context.tsx'
import { texts } from '../../texts/texts.ts'
import { KeyStatus } from '../keys/key-status.tsx'
import { LastUse } from '../keys/last-use.tsx'
import { KeySentence } from '../keys/sentence.tsx'
import { CreateRole } from './create-role.tsx'

const words = texts.roles

const COMMANDS = `lugsail role create deploy --buckets site --rights read-write --session-seconds-max 3600
lugsail role list`

/** The account's roles: what each may do, who takes it, and for how long. */
export function Roles(): ReactNode {
  const [isCreating, setIsCreating] = useState(false)
  const [deleting, setDeleting] = useState<string | null>(null)
  const list = useRoles()
  const roles = list.data?.pages.flatMap((page) => page.roles ?? [])
  return (
    <>
      <PageHead title={texts.navigation.roles}>
        <CreateButton onPress={() => setIsCreating(true)}>{words.create}</CreateButton>
      </PageHead>
      <div className="stack">
        {list.isError && <ErrorNote error={list.error} onRetry={() => void list.refetch()} />}
        {!roles && !list.isError && <Skeleton width={60} lines={6} />}
        {roles?.length === 0 ? (
          <Empty title={words.empty.title}>
            <p>{words.empty.text}</p>
            <Snippet text={COMMANDS} label={words.empty.title} />
          </Empty>
        ) : (
          <p className="muted">{words.intro}</p>
        )}
        {roles?.map((role) => (
          <RoleCard key={role.name} role={role} onDelete={() => setDeleting(role.name ?? '')} />
        ))}
        {list.hasNextPage && (
          <div>
            <Button isDisabled={list.isFetchingNextPage} onPress={() => void list.fetchNextPage()}>
              {words.more}
            </Button>
          </div>
        )}
      </div>
      <CreateRole isOpen={isCreating} onClose={() => setIsCreating(false)} />
      {deleting !== null && <DeleteRole name={deleting} onClose={() => setDeleting(null)} />}
    </>
  )
}

function RoleCard({ role, onDelete }: { readonly role: Role; readonly onDelete: () => void }): ReactNode {
  const { name = '', status, roleArn = '', sessionSecondsMax, trusts = [], createdAt } = role
  const operation = useOperation()
  const refresh = useRefreshRoles()
  const change = useMutation({
    mutationFn: async (input: Pick<Input<'UpdateRole'>, 'status' | 'endsSessions'>) => {
      await operation('UpdateRole', { name, ...input }, { region: KEYS_REGION })
      await refresh()
    },
    onSuccess: (_, { endsSessions }) =>
      toast(endsSessions === true ? words.sessionsEnded(name) : words.changed(name)),
  })
  const isOff = status === 'Inactive'
  return (
    <article className="card stack-tight" aria-label={name}>
      <div className="row-apart">
        <div className="row">
          <h2>{name}</h2>
          <KeyStatus status={status} />
        </div>
        <Menu
          label={words.actions(name)}
          entries={[
            {
              id: 'status',
              label: isOff ? words.activate : words.deactivate,
              onAction: () => change.mutate({ status: isOff ? 'Active' : 'Inactive' }),
            },
            {
              id: 'sessions',
              label: words.endSessions,
              isDanger: true,
              onAction: () => change.mutate({ endsSessions: true }),
            },
            { id: 'delete', label: words.remove.menu, isDanger: true, onAction: onDelete },
          ]}
        />
      </div>
      {change.isError && <ErrorNote what={words.failed(name)} error={change.error} />}
      <KeySentence facts={role} />
      <dl className="facts">
        <dt>{words.takenBy}</dt>
        <dd>
          <ul>
            <li>{words.keys}</li>
            {trusts.map(({ issuer, audiences, subjects }) => (
              <li key={`${issuer} ${subjects.join(' ')}`}>
                {words.trust(issuer, audiences.join(', '), subjects.join(', '))}
              </li>
            ))}
          </ul>
        </dd>
        <dt>{words.sessions}</dt>
        <dd>{words.sessionsUpTo(formatSpan(sessionSecondsMax ?? 3_600))}</dd>
        <dt>{words.arn}</dt>
        <dd>
          <CopyField text={roleArn} label={words.arn} />
        </dd>
        <dt>{texts.keys.lastUsed}</dt>
        <dd>
          <LastUse lastUsed={role.lastUsed} />
        </dd>
        <dt>{words.created}</dt>
        <dd>
          <Time value={createdAt} />
        </dd>
      </dl>
    </article>
  )
}

function DeleteRole({ name, onClose }: { readonly name: string; readonly onClose: () => void }): ReactNode {
  const operation = useOperation()
  const refresh = useRefreshRoles()
  const remove = useMutation({
    mutationFn: async () => {
      await operation('DeleteRole', { name }, { region: KEYS_REGION })
    },
    onSuccess: async () => {
      toast(words.remove.done(name))
      onClose()
      await refresh()
    },
  })
  return (
    <Dialog title={words.remove.title(name)} isOpen onClose={onClose} role="alertdialog">
      <div className="stack">
        <p>{words.remove.text}</p>
        {remove.isError && <ErrorNote what={words.remove.failed(name)} error={remove.error} />}
        <div className="form-actions">
          <Button autoFocus onPress={onClose}>
            {texts.cancel}
          </Button>
          <Button weight="danger" isDisabled={remove.isPending} onPress={() => remove.mutate()}>
            {words.remove.action(name)}
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
