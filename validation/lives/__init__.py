"""Simulated lives: how soon the rules lock or refer when pain changes, and how often without cause."""
