"""How the desk is served: session cookie and guard, headers, health. Plain Starlette, no Streamlit."""
