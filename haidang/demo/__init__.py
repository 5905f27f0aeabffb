"""The invented province and its five years of filings, from plan to closing report."""
