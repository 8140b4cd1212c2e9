"""Earlier answers: taking a solution out of a team's answer, and offering it again."""
