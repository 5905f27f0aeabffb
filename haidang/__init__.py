"""Hải Đăng: plans, filings, figures and the closing report of the committee against human trafficking."""
