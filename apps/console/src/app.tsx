import { RouterProvider as AriaLinks } from 'react-aria-components';
import { createBrowserRouter, Outlet, RouterProvider, ScrollRestoration, useHref, useNavigate } from 'react-router';
import { setRequestLanguage } from './api/index.js';
import { useLanguage } from './i18n/index.js';
import { pageRoutes, standaloneRoutes } from './routes.js';
import { SessionProvider } from './session/index.js';
import { CrashPage, Shell } from './shell/index.js';

const router = createBrowserRouter(
  [
    {
      element: <Root />,
      errorElement: <CrashPage />,
      children: [
        ...standaloneRoutes,
        {
          element: (
            <SessionProvider>
              <Shell />
            </SessionProvider>
          ),
          children: pageRoutes,
        },
      ],
    },
  ],
  { basename: '/console' },
);

/** Lets links in menus navigate without loading the page again. */
function Root() {
  const navigate = useNavigate();
  return (
    <AriaLinks navigate={(path) => void navigate(path)} useHref={useHref}>
      <Outlet />
      {/* A new page starts at its top; going back finds the place that was left. */}
      <ScrollRestoration />
    </AriaLinks>
  );
}

export function App() {
  const { language } = useLanguage();
  setRequestLanguage(language);
  return <RouterProvider router={router} />;
}
