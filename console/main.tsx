import './styles/index.css'
import { createRoot } from 'react-dom/client'
import { Console } from './console.tsx'
import { applyTheme, readTheme } from './session/theme.ts'

applyTheme(readTheme())
const element = document.getElementById('console')
if (!element) throw new TypeError('the page has no place for the console')
createRoot(element).render(<Console />)
