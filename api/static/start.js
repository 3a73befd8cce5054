// Starts the GOV.UK Frontend components. A file of its own because the policy forbids inline scripts.
document.body.classList.add('js-enabled', 'govuk-frontend-supported')
const { initAll } = await import('/static/vendor/govuk-frontend-6.3.0/govuk-frontend.min.js')
initAll()
