import { Check, Eye, EyeOff, Minus } from 'lucide-react'
import { useId, useState, type ReactNode } from 'react'
import {
  CheckboxButton,
  CheckboxField,
  FieldError,
  Input,
  Label,
  RadioButton,
  RadioField,
  RadioGroup,
  SwitchButton,
  SwitchField,
  Text,
  TextArea,
  TextField as AriaTextField,
  type CheckboxFieldProps,
  type SwitchFieldProps,
  type TextFieldProps,
} from 'react-aria-components'
import { texts } from '../texts/texts.ts'
import { Button } from './button.tsx'

interface FieldProps extends Omit<TextFieldProps, 'className' | 'children'> {
  readonly label: string
  /** Stands below, unless something is wrong with the value. */
  readonly hint?: ReactNode
  readonly placeholder?: string
  /** What is wrong with the value; nothing when absent or null. */
  readonly error?: string | null
}

/** A line of text with its name. With `rows` several lines; with `isCode` in letters of equal width. */
export function TextField({
  label,
  hint,
  error = null,
  placeholder,
  rows,
  isCode = false,
  ...props
}: FieldProps & { readonly rows?: number; readonly isCode?: boolean }): ReactNode {
  const style = isCode ? 'input code mono' : 'input'
  return (
    <AriaTextField {...props} className="field" isInvalid={error !== null} validationBehavior="aria">
      <Label>{label}</Label>
      {rows === undefined ? (
        <Input className={style} placeholder={placeholder} spellCheck={false} />
      ) : (
        <TextArea className={style} rows={rows} placeholder={placeholder} spellCheck={false} />
      )}
      <Below hint={hint} error={error} />
    </AriaTextField>
  )
}

const Below = ({ hint, error }: Pick<FieldProps, 'hint' | 'error'>): ReactNode => (
  <>
    {/* What is wrong takes its place: nothing below moves, and nothing is said twice. */}
    {hint !== undefined && error === null && (
      <Text slot="description" className="field-hint">
        {hint}
      </Text>
    )}
    {typeof error === 'string' && <FieldError className="field-error">{error}</FieldError>}
  </>
)

/** A secret that is typed: hidden unless it is to be seen. */
export function SecretField({ label, hint, error = null, ...props }: FieldProps): ReactNode {
  const [isSeen, setIsSeen] = useState(false)
  return (
    <AriaTextField
      {...props}
      type={isSeen ? 'text' : 'password'}
      className="field"
      isInvalid={error !== null}
      validationBehavior="aria"
    >
      <Label>{label}</Label>
      <div className="input-with-button">
        <Input className="input mono" spellCheck={false} />
        <Button
          weight="icon"
          aria-label={`${isSeen ? texts.hide : texts.show}: ${label}`}
          onPress={() => setIsSeen(!isSeen)}
        >
          {isSeen ? <EyeOff aria-hidden /> : <Eye aria-hidden />}
        </Button>
      </div>
      <Below hint={hint} error={error} />
    </AriaTextField>
  )
}

/** One of a list, by the browser's own control: at home on phones and for screen readers. */
export function SelectField<V extends string>({
  label,
  hint,
  value,
  options,
  onChange,
  isLabelUnseen = false,
}: {
  readonly label: string
  readonly hint?: ReactNode
  readonly value: V
  readonly options: readonly { readonly value: V; readonly label: string }[]
  readonly onChange: (value: V) => void
  readonly isLabelUnseen?: boolean
}): ReactNode {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id} className={isLabelUnseen ? 'unseen' : undefined}>
        {label}
      </label>
      <select
        id={id}
        className="input"
        value={value}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={({ target }) => {
          const chosen = options.find((option) => option.value === target.value)
          if (chosen) onChange(chosen.value)
        }}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      {hint !== undefined && (
        <span id={`${id}-hint`} className="field-hint">
          {hint}
        </span>
      )}
    </div>
  )
}

interface Explained {
  readonly children: ReactNode
  readonly hint?: ReactNode
}

/** A yes or no that counts once the form is sent. */
export const Checkbox = ({
  children,
  hint,
  ...props
}: Omit<CheckboxFieldProps, 'className' | 'children'> & Explained): ReactNode => (
  <CheckboxField {...props}>
    <CheckboxButton className="checkbox">
      {({ isIndeterminate }) => (
        <>
          <span className="checkbox-box">
            {isIndeterminate ? <Minus aria-hidden /> : <Check aria-hidden />}
          </span>
          <span>
            {children}
            {hint !== undefined && <span className="field-hint"> {hint}</span>}
          </span>
        </>
      )}
    </CheckboxButton>
  </CheckboxField>
)

/** A yes or no that counts at once. */
export const Switch = ({
  children,
  hint,
  ...props
}: Omit<SwitchFieldProps, 'className' | 'children'> & Explained): ReactNode => (
  <SwitchField {...props}>
    <SwitchButton className="switch">
      <span className="switch-track" aria-hidden />
      <span>
        {children}
        {hint !== undefined && <span className="field-hint"> {hint}</span>}
      </span>
    </SwitchButton>
  </SwitchField>
)

/** One of a few, each a card that says what it means. */
export const ChoiceCards = <V extends string>({
  label,
  value,
  options,
  onChange,
}: {
  readonly label: string
  readonly value: V
  readonly options: readonly { readonly value: V; readonly label: string; readonly hint: string }[]
  readonly onChange: (value: V) => void
}): ReactNode => (
  <RadioGroup
    className="field"
    value={value}
    onChange={(chosen) => {
      const option = options.find((each) => each.value === chosen)
      if (option) onChange(option.value)
    }}
  >
    <Label className="field-label">{label}</Label>
    <div className="choice-cards">
      {options.map((option) => (
        <RadioField key={option.value} value={option.value} className="choice-field">
          <RadioButton className="choice-card">
            <strong>{option.label}</strong>
            <span className="field-hint">{option.hint}</span>
          </RadioButton>
        </RadioField>
      ))}
    </div>
  </RadioGroup>
)
