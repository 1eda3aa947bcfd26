import '../../../libs/design/tokens.css';
import './design/base.css';
import './design/components.css';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.js';
import { isProblem } from './api/index.js';
import { LanguageProvider } from './i18n/index.js';
import { applyTheme, chosenTheme } from './shell/theme.js';

applyTheme(chosenTheme());

const maximumRetries = 2;
const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // A refusal stays one; an outage may pass.
      retry: (failures, error) => failures < maximumRetries && isProblem(error) && error.status >= 500,
      staleTime: 5_000,
    },
  },
});

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <LanguageProvider>
      <QueryClientProvider client={queries}>
        <App />
      </QueryClientProvider>
    </LanguageProvider>
  </StrictMode>,
);
